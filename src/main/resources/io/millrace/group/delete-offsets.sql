-- Locks the rows in the order in which commits lock them.
with removed as materialized (
    select partition_id
      from millrace.committed_offset
     where group_id = :group_id and partition_id = any (:partition_ids)
     order by partition_id
       for update
)
delete from millrace.committed_offset c
 using removed r
 where c.group_id = :group_id and c.partition_id = r.partition_id
