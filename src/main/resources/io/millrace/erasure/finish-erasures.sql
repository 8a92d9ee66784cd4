update millrace.erasure e
   set erased_at = millrace.now(), key = null
 where e.erased_at is null
   and e.segments is not null
   and not exists (select from millrace.segment s where s.segment = any (e.segments))
