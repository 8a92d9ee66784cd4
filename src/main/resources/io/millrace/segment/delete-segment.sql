delete from millrace.segment where segment = :segment
