insert into millrace.acl (principal, permission, operation, resource_type, pattern_type, resource_name, created_by)
values (:principal, :permission, :operation, :resource_type, :pattern_type, :resource_name, :created_by)
on conflict do nothing
returning acl_id
