delete from millrace.group_node where node_id = :node_id
