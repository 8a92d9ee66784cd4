insert into millrace.group_node (node_id, lease_until)
values (:node_id, clock_timestamp() + :lease_ms * interval '1 millisecond')
on conflict (node_id) do update set lease_until = excluded.lease_until
