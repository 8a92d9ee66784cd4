-- PartitionEnds fills in the segment.
select h.partition_id, h.leader_epoch, h.start_offset, greatest(l.last_offset + 1, h.segment_offset) as next_offset, h.segment
  from millrace.partition_head h
  left join lateral millrace.last_batch(h.partition_id, /*segment*/0) l on true
 where h.partition_id = any (:ids)
