select m.group_id, m.member_id, m.epoch, m.joined_from, c.partition_id, c.topic, c.partition, c.next_offset, c.owner_epoch,
       c.revoke_epoch
  from millrace.consumer_group g
  join millrace.group_member m on m.group_id = g.group_id
  left join millrace.committed_offset c on c.group_id = m.group_id and c.owner = m.member_id
 where g.name = :name and m.member_id = :member_id
 order by c.topic, c.partition
