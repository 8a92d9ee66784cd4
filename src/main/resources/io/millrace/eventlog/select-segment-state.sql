-- The newest segment, whether it is full, and whether heads still name an older one. The total size includes the index and
-- TOAST, where the large arrays are.
select s.segment,
       pg_total_relation_size(('millrace.' || millrace.segment_table(s.segment))::regclass) >= ?::bigint
       or s.roll_early
       or (s.created_at < millrace.now() - make_interval(secs => ?)
           and pg_relation_size(('millrace.' || millrace.segment_table(s.segment))::regclass) > 0) as is_full,
       exists (select from millrace.partition_head h where h.segment < s.segment) as has_heads_behind
  from millrace.segment s
 order by s.segment desc
 limit 1
