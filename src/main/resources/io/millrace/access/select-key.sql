select key_id, principal, description, created_by, created_at, expires_at, revoked_at
  from millrace.api_key
 where key_id = :key_id
