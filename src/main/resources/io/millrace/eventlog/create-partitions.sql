with head as (
    insert into millrace.partition_head (partition_id, segment)
    select nextval('millrace.partition_id'), (select max(segment) from millrace.segment)
      from generate_series(1, :count)
    returning partition_id, segment
), start as (
    insert into millrace.segment_start (partition_id, segment, first_offset)
    select partition_id, segment, 0 from head
)
select partition_id from head order by partition_id
