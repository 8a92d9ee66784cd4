-- An earlier statement has locked the heads. A start never goes back.
update millrace.partition_head h
   set start_offset = w.start_offset
  from unnest(:partition_ids::int[], :start_offsets::bigint[]) as w (partition_id, start_offset)
 where h.partition_id = w.partition_id and h.start_offset < w.start_offset
returning h.partition_id, h.start_offset
