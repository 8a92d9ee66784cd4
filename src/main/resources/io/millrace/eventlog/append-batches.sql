-- One commit: one batch for each of several partitions, a row of "values" each, in ascending order of id. The settings
-- of the session leave no plan that locks the heads in another order (LogWriters). Partitions that do not exist are
-- left out. LogWriter repeats the row between the marks.
with batch (partition_id, record_count, max_timestamp, byte_size, timestamps, keys, record_values, headers, formats)
as not materialized (
    values /*row*/(?::int, ?::int, ?::bigint, ?::int, ?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea)/*row*/
), head as (
    update millrace.partition_head h
       set next_offset = h.next_offset + b.record_count,
           max_timestamp = greatest(h.max_timestamp, b.max_timestamp)
      from batch b
     where h.partition_id = b.partition_id
    returning h.partition_id, h.segment, h.next_offset, h.max_timestamp
), stored as (
    insert into millrace.record_batch
           (segment, partition_id, record_count, last_offset, appended_at, max_timestamp, high_timestamp, byte_size,
            timestamps, keys, record_values, headers, formats)
    select h.segment, b.partition_id, b.record_count, h.next_offset - 1, clock_timestamp(), b.max_timestamp,
           h.max_timestamp, b.byte_size, b.timestamps, b.keys, b.record_values, b.headers, b.formats
      from batch b
      join head h on h.partition_id = b.partition_id
)
select partition_id, next_offset from head
