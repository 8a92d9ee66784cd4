with locked as materialized (
    select partition_id, segment
      from millrace.segment_start
     where partition_id = any (:ids)
     order by partition_id, segment
       for update
),
start as (
    delete from millrace.segment_start s
     using locked l
     where s.partition_id = l.partition_id and s.segment = l.segment
),
replicated as (
    delete from millrace.replicated_end where partition_id = any (:ids)
),
epoch as (
    delete from millrace.partition_epoch where partition_id = any (:ids)
)
delete from millrace.partition_head
 where partition_id = any (:ids)
