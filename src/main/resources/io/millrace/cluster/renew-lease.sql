-- Returns how many other nodes live: a node that is alone sends no notifications.
insert into millrace.node (node_id, address, started_at, lease_until)
values (:node_id, :address, millrace.now(), millrace.now() + :lease_ms * interval '1 millisecond')
on conflict (node_id) do update set lease_until = excluded.lease_until, address = excluded.address
returning (select count(*) from millrace.node o where o.node_id <> :node_id and o.lease_until > millrace.now())
