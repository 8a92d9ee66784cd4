select node_id, address, started_at, lease_until
  from millrace.node
 where lease_until > millrace.now()
 order by started_at, node_id
