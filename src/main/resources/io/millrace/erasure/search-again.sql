-- What is not erased from a segment with others has to be searched for in the segment that takes its place.
update millrace.erasure
   set segments = null
 where erased_at is null and :segment = any (segments) and erasure_id > :after
