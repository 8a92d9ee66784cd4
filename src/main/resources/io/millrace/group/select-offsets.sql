select partition_id, topic, partition, next_offset, metadata, committed_at, owner, owner_epoch, revoke_epoch
  from millrace.committed_offset
 where group_id = :group_id
 order by topic, partition
