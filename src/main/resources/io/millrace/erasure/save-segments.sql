update millrace.erasure set segments = :segments where erasure_id = :erasure_id
