--
select coalesce(sum(b.byte_size), 0)
  from millrace.record_batch b
 where b.segment = :segment and b.partition_id = :partition_id and b.last_offset >= :from and b.last_offset < :before
