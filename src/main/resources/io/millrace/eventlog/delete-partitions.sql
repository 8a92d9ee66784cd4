with start as (
    delete from millrace.segment_start where partition_id = any (:ids)
),
replicated as (
    delete from millrace.replicated_end where partition_id = any (:ids)
),
epoch as (
    delete from millrace.partition_epoch where partition_id = any (:ids)
)
delete from millrace.partition_head
 where partition_id = any (:ids)
