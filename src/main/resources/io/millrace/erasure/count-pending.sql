select count(*) from millrace.erasure where erased_at is null
