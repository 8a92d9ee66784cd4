delete from millrace.acl where acl_id = :acl_id
