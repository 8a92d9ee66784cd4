-- The log for people and SQL clients. Applied again when this file changes. Columns are added at the end, never removed or
-- changed: docs/decisions/0019-schema-and-upgrades.md

-- A batch is part of the log if segment_start has a row of its partition and segment: while a segment replaces others, their
-- tables hold the same batches. appended_at and last_offset are the batch's: a range of either lets PostgreSQL skip whole batches. A condition on the
-- offset of single records does not.
create or replace view millrace.record as
select t.name as topic,
       p.partition,
       b.last_offset - coalesce(b.offset_deltas[b.record_count], b.record_count - 1)
           + coalesce(b.offset_deltas[r.ordinal], r.ordinal - 1) as "offset",
       to_timestamp(r.record_timestamp / 1000.0) as "timestamp",
       case when f.format & 4 = 0 then millrace.utf8_text(r.key) end as key,
       case f.format & 3
           when 0 then millrace.json_value(r.value)
           when 1 then to_jsonb(millrace.utf8_text(r.value)) end as value,
       millrace.json_value(r.headers) as headers,
       case when f.format & 3 in (0, 1) then millrace.utf8_text(r.value) end as value_text,
       r.key as key_bytes,
       r.value as value_bytes,
       b.appended_at,
       b.last_offset,
       b.segment,
       b.partition_id
  from millrace.topic t
  join millrace.topic_partition p on p.topic_id = t.id
  join millrace.partition_head h on h.partition_id = p.partition_id
  join millrace.segment_start s on s.partition_id = p.partition_id
  join millrace.record_batch b on b.partition_id = p.partition_id and b.segment = s.segment and b.last_offset >= h.start_offset
 cross join lateral unnest(b.timestamps, b.keys, b.record_values, b.headers)
       with ordinality as r(record_timestamp, key, value, headers, ordinal)
 cross join lateral (select coalesce(get_byte(b.formats, (r.ordinal - 1)::int), 0) as format) f
 where b.last_offset - coalesce(b.offset_deltas[b.record_count], b.record_count - 1)
           + coalesce(b.offset_deltas[r.ordinal], r.ordinal - 1) >= h.start_offset;

comment on view millrace.record is 'One row per record. Filter by appended_at or last_offset to read only part of a topic.';
comment on column millrace.record.topic is 'The topic''s name.';
comment on column millrace.record.partition is 'The number of the partition in its topic.';
comment on column millrace.record."offset" is 'The record''s offset.';
comment on column millrace.record."timestamp" is 'The record''s timestamp: the producer''s or, without one, when the hub took it.';
comment on column millrace.record.key is 'The key; null if there is none, or if it is binary.';
comment on column millrace.record.value is
    'The value as jsonb, text as a JSON string; null for a tombstone, a binary value, or JSON that jsonb cannot hold.';
comment on column millrace.record.headers is 'The headers, [{"name": …, "value": …}, …]; null if there are none.';
comment on column millrace.record.value_text is 'The value as it was written; null for a tombstone or a binary value.';
comment on column millrace.record.key_bytes is 'The key''s bytes.';
comment on column millrace.record.value_bytes is 'The value''s bytes; null for a tombstone.';
comment on column millrace.record.appended_at is 'When the record''s batch was stored, by the clock of PostgreSQL.';
comment on column millrace.record.last_offset is 'The last offset of the record''s batch.';
comment on column millrace.record.segment is 'The segment of the log that holds the record.';
comment on column millrace.record.partition_id is 'The partition in the log.';

-- No partition's last batch lies before the oldest segment that a head names. This does not call millrace.last_batch: a
-- function reads with the rights of its caller, a view with those of its owner, and callers may have the right to read the
-- view alone.
create or replace view millrace.partition_bounds as
select t.name as topic,
       p.partition,
       h.start_offset,
       greatest(l.last_offset + 1, h.segment_offset) as next_offset,
       h.partition_id
  from millrace.topic t
  join millrace.topic_partition p on p.topic_id = t.id
  join millrace.partition_head h on h.partition_id = p.partition_id
  left join lateral (select b.last_offset
                       from millrace.record_batch b
                      where b.partition_id = h.partition_id
                        and b.segment >= (select min(segment) from millrace.partition_head)
                      order by b.last_offset desc
                      limit 1) l on true;

comment on view millrace.partition_bounds is 'One row per partition: where it starts and ends.';
comment on column millrace.partition_bounds.topic is 'The topic''s name.';
comment on column millrace.partition_bounds.partition is 'The number of the partition in its topic.';
comment on column millrace.partition_bounds.start_offset is 'The first offset that may be read.';
comment on column millrace.partition_bounds.next_offset is 'The offset that the next record will get.';
comment on column millrace.partition_bounds.partition_id is 'The partition in the log.';
