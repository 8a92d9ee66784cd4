-- Groups with a member whose time has run out, and those that were last assigned before the newest change of topics.
select distinct g.name
  from millrace.consumer_group g
  join millrace.group_member m on m.group_id = g.group_id
  left join millrace.node n on n.node_id = m.node_id
 where g.catalogue_version < :catalogue_version
    or not coalesce(case when m.node_id is null then m.expires_at else n.lease_until end > millrace.now(), false)
