-- What standbys were known to have of a former leader's log counts only up to where the new leader's epoch begins.
update millrace.replicated_end r
   set next_offset = e.first_offset
  from millrace.partition_epoch e
 where e.partition_id = r.partition_id
   and e.leader_epoch = ?
   and r.next_offset > e.first_offset
