select partition_id, epoch, start_offset, next_offset
  from millrace.partition_head
 where partition_id = any (:ids)
