select acl_id, principal, permission, operation, resource_type, pattern_type, resource_name, created_by, created_at
  from millrace.acl
 where acl_id > :after
   and (:principal::text is null or principal = :principal)
   and (:resource_type::text is null or resource_type = :resource_type)
   and (:resource_name::text is null or resource_name = :resource_name)
 order by acl_id
 limit :most
