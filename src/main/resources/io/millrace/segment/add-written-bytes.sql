update millrace.segment set written_bytes = written_bytes + :bytes where segment = :segment
