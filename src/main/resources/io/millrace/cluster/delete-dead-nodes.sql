-- Long after what they had was taken over: a node that only lost its connection for a while finds its row again.
delete from millrace.node where lease_until < millrace.now() - interval '1 day'
