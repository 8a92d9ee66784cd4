insert into millrace.committed_offset
       (group_id, partition_id, topic, partition, next_offset, owner, owner_epoch)
select :group_id, o.partition_id, o.topic, o.partition, o.next_offset, o.owner, o.owner_epoch
  from unnest(:partition_ids::int[], :topics::text[], :partitions::int[], :next_offsets::bigint[], :owners::text[],
              :owner_epochs::bigint[])
       as o (partition_id, topic, partition, next_offset, owner, owner_epoch)
