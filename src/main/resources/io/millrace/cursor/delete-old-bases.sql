-- Rows that are locked, being in use, are left to the next round. The 7200 s: a use is recorded once an hour, and the use of
-- a base's parent may have been recorded an hour before the base's own.
delete from millrace.cursor_base
 where cursor_id in (select cursor_id
                       from millrace.cursor_base
                      where used_at < millrace.now() - (:retention_s::bigint + 7200) * interval '1 second'
                      order by used_at
                      limit 10000
                        for update skip locked)
