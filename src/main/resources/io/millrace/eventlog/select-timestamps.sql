-- The timestamp of the record at or after an offset, for each of several partitions. It is in the last segment that the
-- partition entered at or before the offset: these are found for all partitions at once, and PostgreSQL looks into no other.
-- Only after a gap the next batch is in a later segment: the second look is made if the first finds nothing. Batches without a
-- row in segment_start are not part of the log.
with placed as materialized (
    select w.partition_id, w.next_offset, max(array[s.first_offset, s.segment]) as place
      from unnest(:partition_ids::int[], :next_offsets::bigint[]) as w (partition_id, next_offset)
      join millrace.segment_start s on s.partition_id = w.partition_id and s.first_offset <= w.next_offset
     group by w.partition_id, w.next_offset
)
select p.partition_id,
       b.timestamps[greatest(1, case
           when b.offset_deltas is null then p.next_offset - (b.last_offset - b.record_count)
           else (select count(*) from unnest(b.offset_deltas) d
                  where b.last_offset - b.offset_deltas[b.record_count] + d < p.next_offset) + 1 end)] as record_timestamp
  from placed p
 cross join lateral (
       (select here.last_offset, here.record_count, here.offset_deltas, here.timestamps
          from millrace.record_batch here
         where here.segment = p.place[2] and here.partition_id = p.partition_id and here.last_offset >= p.next_offset
         order by here.last_offset
         limit 1)
        union all
       (select later.last_offset, later.record_count, later.offset_deltas, later.timestamps
          from millrace.segment_start s
          join millrace.record_batch later on later.segment = s.segment and later.partition_id = s.partition_id
         where s.partition_id = p.partition_id and later.last_offset >= p.next_offset
         order by later.last_offset
         limit 1)
        limit 1) b
