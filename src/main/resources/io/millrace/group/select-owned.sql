-- What this node's members of some groups own; a member without partitions is one row with nulls.
select m.group_id, m.member_id, m.epoch, m.joined_from, c.partition_id, c.topic, c.partition, c.next_offset, c.owner_epoch,
       c.revoke_epoch
  from millrace.group_member m
  left join millrace.committed_offset c on c.group_id = m.group_id and c.owner = m.member_id
 where m.group_id = any (:group_ids) and m.node_id = :node_id
 order by m.group_id, m.member_id, c.topic, c.partition
