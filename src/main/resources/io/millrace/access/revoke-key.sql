update millrace.api_key
   set revoked_at = coalesce(revoked_at, millrace.now())
 where key_id = :key_id
