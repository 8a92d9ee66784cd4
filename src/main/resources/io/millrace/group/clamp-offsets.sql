-- Offsets beyond the end of a partition that has lost records would skip those that get the same offsets later. Rows are
-- locked in the order in which commits lock them.
with ahead as materialized (
    select c.group_id, c.partition_id, e.first_offset
      from millrace.committed_offset c
      join millrace.partition_epoch e on e.partition_id = c.partition_id and e.leader_epoch = ?
     where c.next_offset > e.first_offset
     order by c.group_id, c.partition_id
       for update of c
)
update millrace.committed_offset c
   set next_offset = ahead.first_offset
  from ahead
 where c.group_id = ahead.group_id and c.partition_id = ahead.partition_id
