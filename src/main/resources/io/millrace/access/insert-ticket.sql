insert into millrace.ticket (ticket_hash, principal, groups, key_id, caller_until, expires_at)
values (:ticket_hash, :principal, :groups, :key_id, :caller_until, millrace.now() + :lifetime_ms * interval '1 ms')
