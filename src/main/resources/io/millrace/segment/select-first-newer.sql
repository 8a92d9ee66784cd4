-- The first batch that is new enough, for each of several partitions in a segment.
select w.partition_id,
       (select b.last_offset - coalesce(b.offset_deltas[b.record_count], b.record_count - 1)
          from millrace.record_batch b
         where b.segment = :segment and b.partition_id = w.partition_id and b.last_offset >= w.from_offset
           and millrace.batch_time(b.max_timestamp, b.appended_at) >= w.oldest
         order by b.last_offset
         limit 1) as first_offset
  from unnest(:partition_ids::int[], :from_offsets::bigint[], :oldest::bigint[]) as w (partition_id, from_offset, oldest)
