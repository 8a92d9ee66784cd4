-- A row that somebody uses just now is left; there will be another round. Uses are noted once an hour, and what a base is
-- told from may have been noted an hour before it.
delete from millrace.cursor_base
 where cursor_id in (select cursor_id
                       from millrace.cursor_base
                      where used_at < millrace.now() - (:retention_s::bigint + 7200) * interval '1 second'
                      order by used_at
                      limit 10000
                        for update skip locked)
