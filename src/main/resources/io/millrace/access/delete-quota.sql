delete from millrace.quota where principal = :principal
