-- A reset, the only way to move an offset back. The owners got a new epoch before, in the same transaction, so commits
-- with the old one are refused.
update millrace.committed_offset c
   set next_offset = o.next_offset, metadata = null, committed_at = millrace.now()
  from unnest(:partition_ids::int[], :next_offsets::bigint[]) as o (partition_id, next_offset)
 where c.group_id = :group_id and c.partition_id = o.partition_id
