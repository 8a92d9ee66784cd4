select g.name, m.member_id
  from millrace.group_member m
  join millrace.consumer_group g on g.group_id = m.group_id
 where m.node_id = :node_id
