select max(segment) from millrace.segment
