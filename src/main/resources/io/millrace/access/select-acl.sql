select acl_id, principal, permission, operation, resource_type, pattern_type, resource_name, created_by, created_at
  from millrace.acl
 where principal = :principal
   and permission = :permission
   and operation = :operation
   and resource_type = :resource_type
   and pattern_type = :pattern_type
   and resource_name = :resource_name
