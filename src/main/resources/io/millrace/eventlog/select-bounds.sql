-- PartitionEnds fills in the segment. Where readers wait for standbys, also how far records are known to be on enough servers;
-- after a change of the leader, also where the partition ended then.
select h.partition_id, h.leader_epoch, h.start_offset, greatest(l.last_offset + 1, h.segment_offset) as next_offset, h.segment,
       h.min_insync_replicas,
       case when h.min_insync_replicas > 1
            then (select r.next_offset from millrace.replicated_end r where r.partition_id = h.partition_id)
       end as replicated,
       case when h.leader_epoch > 0
            then (select e.first_offset
                    from millrace.partition_epoch e
                   where e.partition_id = h.partition_id and e.leader_epoch = h.leader_epoch)
       end as epoch_start
  from millrace.partition_head h
  left join lateral millrace.last_batch(h.partition_id, /*segment*/0) l on true
 where h.partition_id = any (:ids)
