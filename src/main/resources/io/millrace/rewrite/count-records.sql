select coalesce(sum(record_count), 0)
  from millrace.record_batch
 where segment = ? and partition_id = ? and last_offset >= ?
