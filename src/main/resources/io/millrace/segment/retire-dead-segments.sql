update millrace.segment g
   set state = 'retired', retired_by = pg_current_xact_id()
 where g.state = 'sealed'
   and not exists (select from millrace.segment_start s where s.segment = g.segment)
returning g.segment
