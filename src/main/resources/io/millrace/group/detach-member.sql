-- A static member whose connection has ended: from now on it lives by its session timeout.
update millrace.group_member
   set node_id = null, expires_at = millrace.now() + session_timeout_ms * interval '1 millisecond'
 where group_id = :group_id and member_id = :member_id and node_id is not null
