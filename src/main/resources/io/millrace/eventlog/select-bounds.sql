select epoch, start_offset, next_offset
  from millrace.partition_head
 where partition_id = :partition_id
