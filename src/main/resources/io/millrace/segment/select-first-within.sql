-- The first batch with which no more than so many bytes would go, for each of several partitions in a
-- segment.
select w.partition_id,
       (select r.first_offset
          from (select b.last_offset - coalesce(b.offset_deltas[b.record_count], b.record_count - 1) as first_offset,
                       sum(b.byte_size) over (order by b.last_offset) as bytes
                  from millrace.record_batch b
                 where b.segment = :segment and b.partition_id = w.partition_id and b.last_offset >= w.from_offset
                 order by b.last_offset) r
         where r.bytes > w.excess
         limit 1) as first_offset
  from unnest(:partition_ids::int[], :from_offsets::bigint[], :excess::bigint[]) as w (partition_id, from_offset, excess)
