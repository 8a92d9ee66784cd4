delete from millrace.ticket
 where ticket_hash = :ticket_hash
returning principal, groups, key_id, caller_until, expires_at > millrace.now() as usable
