select c.relname
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
 where i.inhparent = 'millrace.record_batch'::regclass and i.inhdetachpending
