-- The timestamp of the record at or after an offset, for each of several partitions.
select w.partition_id,
       (select b.timestamps[greatest(1, case
                   when b.offset_deltas is null then w.next_offset - (b.last_offset - b.record_count)
                   else (select count(*) from unnest(b.offset_deltas) d
                          where b.last_offset - b.offset_deltas[b.record_count] + d < w.next_offset) + 1 end)]
          from millrace.record_batch b
         where b.partition_id = w.partition_id and b.last_offset >= w.next_offset
         order by b.last_offset
         limit 1) as record_timestamp
  from unnest(:partition_ids::int[], :next_offsets::bigint[]) as w (partition_id, next_offset)
