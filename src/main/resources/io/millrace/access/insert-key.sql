insert into millrace.api_key (key_id, secret_hash, principal, description, created_by, created_at, expires_at)
select :key_id, :secret_hash, :principal, :description, :created_by, t.now, t.now + :lifetime_ms * interval '1 ms'
  from (select millrace.now() as now) t
returning key_id, principal, description, created_by, created_at, expires_at, revoked_at
