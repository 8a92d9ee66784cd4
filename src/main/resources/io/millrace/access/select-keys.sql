select key_id, principal, description, created_by, created_at, expires_at, revoked_at
  from millrace.api_key
 where key_id > :after
   and (:principal::text is null or principal = :principal)
 order by key_id
 limit :most
