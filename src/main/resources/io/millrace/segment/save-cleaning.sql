update millrace.cleaning
   set ended_at = millrace.now(), segments_freed = segments_freed + :segments_freed, bytes_freed = bytes_freed + :bytes_freed,
       bytes_rewritten = bytes_rewritten + :bytes_rewritten, backlog_bytes = :backlog_bytes, waits_for = :waits_for
