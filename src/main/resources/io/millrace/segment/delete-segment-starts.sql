delete from millrace.segment_start where segment = :segment
