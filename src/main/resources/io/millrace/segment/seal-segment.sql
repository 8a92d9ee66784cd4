-- It no longer grows, and has been counted to its end.
update millrace.segment
   set state = 'sealed', roll_early = false,
       written_bytes = (select coalesce(sum(byte_size), 0) from millrace.record_batch where segment = :segment)
 where segment = :segment and state = 'open'
