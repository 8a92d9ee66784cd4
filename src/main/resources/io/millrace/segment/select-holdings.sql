-- What partitions have in each segment, in order of offset.
select s.partition_id, s.segment, s.first_offset, greatest(s.counted_from, s.first_offset) as counted_from,
       greatest(s.counted_to, s.first_offset) as counted_to, s.batch_count, s.byte_size, s.newest, g.state <> 'open' as complete, s.compacted,
       coalesce((extract(epoch from s.tombstones_since) * 1000)::bigint, 0) as tombstones_since,
       h.start_offset
  from millrace.segment_start s
  join millrace.segment g on g.segment = s.segment
  join millrace.partition_head h on h.partition_id = s.partition_id
 where s.partition_id = any (:ids)
 order by s.partition_id, s.first_offset, s.segment
