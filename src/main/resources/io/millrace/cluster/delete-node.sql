delete from millrace.node where node_id = :node_id
