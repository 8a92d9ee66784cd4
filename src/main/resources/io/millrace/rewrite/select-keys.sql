select last_offset, record_count, keys
  from millrace.record_batch
 where segment = ? and partition_id = ? and last_offset >= ?
 order by last_offset
 limit ?
