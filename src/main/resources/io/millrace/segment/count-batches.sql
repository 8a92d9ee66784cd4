-- Brings the counts of a segment up to date, for some partitions at a time: adds the batches that have come, and takes off
-- those that have died. All transactions lock these rows in ascending order of partition and
-- segment.
with part as materialized (
    select s.partition_id, greatest(s.counted_from, s.first_offset) as counted_from,
           greatest(s.counted_to, s.first_offset) as counted_to, h.start_offset
      from millrace.segment_start s
      join millrace.partition_head h on h.partition_id = s.partition_id
     where s.segment = :segment and s.partition_id > :after
     order by s.partition_id
     limit 1000
       for update of s
), counted as (
    select p.partition_id, p.start_offset, a.batches, a.bytes, coalesce(a.next_offset, p.counted_to) as counted_to, a.newest,
           coalesce(d.batches, 0) as dead_batches, coalesce(d.bytes, 0) as dead_bytes
      from part p
     cross join lateral (select count(*) as batches, coalesce(sum(b.byte_size), 0) as bytes,
                                max(b.last_offset) + 1 as next_offset,
                                coalesce(max(millrace.batch_time(b.max_timestamp, b.appended_at)), 0) as newest
                           from millrace.record_batch b
                          where b.segment = :segment and b.partition_id = p.partition_id
                            and b.last_offset >= p.counted_to) a
     cross join lateral (select count(*) as batches, sum(b.byte_size) as bytes
                           from millrace.record_batch b
                          where b.segment = :segment and b.partition_id = p.partition_id
                            and b.last_offset >= p.counted_from and b.last_offset < p.start_offset) d
), updated as (
    update millrace.segment_start s
       set counted_from = greatest(s.counted_from, c.start_offset), counted_to = c.counted_to,
           batch_count = s.batch_count + c.batches - c.dead_batches, byte_size = s.byte_size + c.bytes - c.dead_bytes,
           newest = greatest(s.newest, c.newest)
      from counted c
     where s.partition_id = c.partition_id and s.segment = :segment and (c.batches > 0 or c.dead_batches > 0)
)
select (select max(partition_id) from part) as last_partition_id, coalesce(sum(bytes), 0) as bytes
  from counted
