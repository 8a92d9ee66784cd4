-- Long after others have taken over what these nodes had.
delete from millrace.node where lease_until < millrace.now() - interval '1 day'
