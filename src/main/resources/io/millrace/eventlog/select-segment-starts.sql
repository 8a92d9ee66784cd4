select segment, first_offset
  from millrace.segment_start
 where partition_id = :partition_id
 order by first_offset, segment
