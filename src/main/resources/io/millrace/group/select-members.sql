-- In the order in which they joined. "alive": its node's lease or its own session has not run out.
select m.member_id, m.instance_id, m.protocol, m.node_id, m.session_timeout_ms, m.topics, m.epoch, m.joined_at,
       coalesce(case when m.node_id is null then m.expires_at else n.lease_until end > millrace.now(), false)
           as alive
  from millrace.group_member m
  left join millrace.node n on n.node_id = m.node_id
 where m.group_id = :group_id
 order by m.joined_at, m.member_id
