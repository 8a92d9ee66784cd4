delete from millrace.ticket where expires_at < millrace.now()
