insert into millrace.cursor_base (cursor_id, parent_id, positions)
values (:cursor_id, :parent_id, :positions)
on conflict (cursor_id) do update set used_at = millrace.now()
