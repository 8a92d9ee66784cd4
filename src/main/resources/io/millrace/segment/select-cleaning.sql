select ended_at, segments_freed, bytes_freed, bytes_rewritten, backlog_bytes, waits_for from millrace.cleaning
