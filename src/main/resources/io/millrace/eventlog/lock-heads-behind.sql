-- Some of the heads that do not name the newest segment yet. In ascending order of id, as appends lock them, so the two
-- cannot deadlock.
select h.partition_id
  from millrace.partition_head h
 where h.segment < (select max(segment) from millrace.segment)
 order by h.partition_id
 limit 100
   for update of h
