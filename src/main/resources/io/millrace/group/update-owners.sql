-- Locks the rows in the order in which commits lock them.
with changed as materialized (
    select c.partition_id, o.owner, o.owner_epoch, o.revoke_epoch
      from millrace.committed_offset c
      join unnest(:partition_ids::int[], :owners::text[], :owner_epochs::bigint[], :revoke_epochs::bigint[])
           as o (partition_id, owner, owner_epoch, revoke_epoch) on o.partition_id = c.partition_id
     where c.group_id = :group_id
     order by c.partition_id
       for update of c
)
update millrace.committed_offset c
   set owner = o.owner, owner_epoch = o.owner_epoch, revoke_epoch = o.revoke_epoch
  from changed o
 where c.group_id = :group_id and c.partition_id = o.partition_id
