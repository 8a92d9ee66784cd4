-- What is to be copied of a segment, in order of partition.
select s.partition_id, s.byte_size, s.batch_count
  from millrace.segment_start s
  join millrace.partition_head h on h.partition_id = s.partition_id
 where s.segment = :segment and s.batch_count > 0 and s.counted_to > h.start_offset
 order by s.partition_id
