-- Sessions that may still read a retired segment: their snapshot is older, or they hold a lock of the log since then. What
-- other users' sessions do is shown only to roles with pg_read_all_stats; their locks are always shown. How long they have
-- been at it is told by this transaction's start, which is of the same clock as theirs.
select a.pid, coalesce(nullif(a.application_name, ''), a.usename, 'unknown') as name,
       coalesce(extract(epoch from own.xact_start - a.xact_start), 0)::bigint as seconds
  from pg_stat_activity a
  join pg_stat_activity own on own.pid = pg_backend_pid()
 where a.datname = current_database()
   and a.pid <> own.pid
   and coalesce(a.backend_type, 'client backend') = 'client backend'
   and (age(a.backend_xmin) > age((select retired_by::xid from millrace.segment where segment = :segment))
        or exists (select
                     from pg_locks l
                    where l.pid = a.pid and l.granted
                      and l.relation in ('millrace.record_batch'::regclass, to_regclass('millrace.' || millrace.segment_table(:segment)))
                      and a.xact_start < own.xact_start - interval '2 seconds'))
 order by a.xact_start
 limit 1
