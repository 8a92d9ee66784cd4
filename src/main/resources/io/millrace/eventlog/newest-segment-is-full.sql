-- The table's own size leaves out TOAST, where the large arrays are: the total counts that and the index too.
select (pg_total_relation_size(('millrace.record_batch_' || s.segment)::regclass) >= ?::bigint
        or (s.created_at < millrace.now() - make_interval(secs => ?)
            and pg_relation_size(('millrace.record_batch_' || s.segment)::regclass) > 0))::int
  from millrace.segment s
 order by s.segment desc
 limit 1
