-- Batches in a segment's table, dead ones too, and whether they hold one of some keys. SegmentStore fills in the table, which may no
-- longer be part of the log's.
select b.partition_id, b.last_offset,
       b.last_offset - coalesce(b.offset_deltas[b.record_count], b.record_count - 1) as first_offset,
       coalesce(b.keys && ?, false) as holds
  from millrace.record_batch_1
       b
 where (b.partition_id, b.last_offset) > (?, ?) and b.partition_id <= ? and b.partition_id = any (?)
 order by b.partition_id, b.last_offset
 limit ?
