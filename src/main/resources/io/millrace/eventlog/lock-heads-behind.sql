-- Some of the heads that are not yet in the newest segment. In ascending order of id, like every append, so the two
-- cannot deadlock.
select h.partition_id
  from millrace.partition_head h
 where h.segment < (select max(segment) from millrace.segment)
 order by h.partition_id
 limit 100
   for update of h
