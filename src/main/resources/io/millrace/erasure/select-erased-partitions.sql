-- Longer than the time between two looks.
select distinct unnest(partition_ids)
  from millrace.erasure
 where erased_at > millrace.now() - interval '1 minute'
