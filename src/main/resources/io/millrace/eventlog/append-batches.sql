-- One commit: one batch for each of several partitions, each a row of "values", in ascending order of id. Partitions that
-- do not exist are left out. Two statements in one message, and so in one transaction: the second sees what others
-- committed while the first waited for its locks. All transactions lock heads in ascending order. LogWriter repeats the
-- row between the marks and fills in the segment.
-- "offset 0" makes the planner look up each head by its key. Otherwise, while there are few heads, it would scan them all,
-- and the lane would keep that plan when there are many.
select count(*)
  from (select from millrace.partition_head where partition_id = any (?) order by partition_id for update) locked;

with batch (partition_id, record_count, max_timestamp, byte_size, timestamps, keys, record_values, headers, formats)
as not materialized (
    values /*row*/(?::int, ?::int, ?::bigint, ?::int, ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea)/*row*/
)
insert into millrace.record_batch
       (segment, partition_id, record_count, last_offset, appended_at, max_timestamp, high_timestamp, byte_size,
        timestamps, keys, record_values, headers, formats)
select h.segment, b.partition_id, b.record_count, greatest(l.last_offset, h.segment_offset - 1) + b.record_count,
       millrace.now(), b.max_timestamp, greatest(l.high_timestamp, h.segment_timestamp, b.max_timestamp), b.byte_size,
       b.timestamps, b.keys, b.record_values, b.headers, b.formats
  from batch b
  join lateral (select segment, segment_offset, segment_timestamp
                  from millrace.partition_head
                 where partition_id = b.partition_id and segment >= /*segment*/0
                offset 0) h on true
  left join lateral millrace.last_batch(b.partition_id, /*segment*/0) l on true
returning partition_id, last_offset, segment
