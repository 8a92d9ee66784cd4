update millrace.api_key
   set expires_at = least(expires_at, millrace.now() + :overlap_ms * interval '1 ms')
 where key_id = :key_id
   and revoked_at is null
   and (expires_at is null or expires_at > millrace.now())
returning principal, description
