-- Locks in the order of the key, so that two of these cannot deadlock.
with used as (
    select cursor_id from millrace.cursor_base where cursor_id = any(:cursor_ids::bytea[]) order by cursor_id for update
)
update millrace.cursor_base b set used_at = millrace.now() from used u where b.cursor_id = u.cursor_id
