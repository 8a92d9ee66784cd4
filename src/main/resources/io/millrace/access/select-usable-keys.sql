select key_id, secret_hash, principal, expires_at
  from millrace.api_key
 where revoked_at is null
   and (expires_at is null or expires_at > millrace.now())
