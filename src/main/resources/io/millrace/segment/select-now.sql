select (extract(epoch from millrace.now()) * 1000)::bigint
