with start as (
    delete from millrace.segment_start where partition_id = any (:ids)
)
delete from millrace.partition_head
 where partition_id = any (:ids)
