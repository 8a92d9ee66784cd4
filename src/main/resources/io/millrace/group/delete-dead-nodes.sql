-- Long after their members were expelled: a node that only lost its connection for a while finds its row again.
delete from millrace.group_node where lease_until < clock_timestamp() - interval '1 day'
