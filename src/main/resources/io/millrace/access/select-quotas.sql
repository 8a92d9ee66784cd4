select principal, requests_per_second, connections_per_second, produced_bytes_per_second, consumed_bytes_per_second,
       updated_by, updated_at
  from millrace.quota
 where principal > :after
 order by principal
 limit :most
