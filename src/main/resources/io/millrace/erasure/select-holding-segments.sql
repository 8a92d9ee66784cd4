select distinct unnest(segments) from millrace.erasure where erased_at is null
