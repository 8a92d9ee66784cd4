-- An earlier statement has locked the heads, so this one sees their last batches.
with newest as (
    select max(segment) as segment from millrace.segment
), reached as (
    select h.partition_id,
           greatest(l.last_offset + 1, h.segment_offset) as next_offset,
           greatest(l.high_timestamp, h.segment_timestamp) as high_timestamp
      from millrace.partition_head h
      left join lateral millrace.last_batch(h.partition_id, h.segment) l on true
     where h.partition_id = any (?)
), moved as (
    update millrace.partition_head h
       set segment = newest.segment, segment_offset = reached.next_offset, segment_timestamp = reached.high_timestamp
      from reached, newest
     where h.partition_id = reached.partition_id
    returning h.partition_id, h.segment, h.segment_offset
)
insert into millrace.segment_start (partition_id, segment, first_offset)
select partition_id, segment, segment_offset from moved
