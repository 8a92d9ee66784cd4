select g.name, g.epoch,
       (select count(*) from millrace.group_member m where m.group_id = g.group_id) as members,
       exists (select from millrace.committed_offset c where c.group_id = g.group_id and c.revoke_epoch is not null)
           as rebalancing
  from millrace.consumer_group g
 where g.name > :after and g.name >= :first and g.name <= :last
 order by g.name
 limit :limit
