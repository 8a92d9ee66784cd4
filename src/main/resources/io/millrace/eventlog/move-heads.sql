-- In ascending order of id, like every append, so the two cannot deadlock.
with newest as (
    select max(segment) as segment from millrace.segment
), behind as (
    select h.partition_id
      from millrace.partition_head h, newest
     where h.segment < newest.segment
     order by h.partition_id
     limit 100
       for update of h
), moved as (
    update millrace.partition_head h
       set segment = newest.segment
      from behind, newest
     where h.partition_id = behind.partition_id
    returning h.partition_id, h.segment, h.next_offset
), start as (
    insert into millrace.segment_start (partition_id, segment, first_offset)
    select partition_id, segment, next_offset from moved
)
select count(*) from moved
