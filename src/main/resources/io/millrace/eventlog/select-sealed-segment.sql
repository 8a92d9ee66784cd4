select max(segment) - 1 from millrace.segment
