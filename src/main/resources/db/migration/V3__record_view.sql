-- The log for people and SQL clients: one row a record.

-- A JSON value as jsonb, or null where jsonb has no room for it: "\u0000", half a surrogate pair, a number beyond
-- numeric's range. Such a record must not fail the query that meets it; its text is still in value_text. Only values that
-- could be such take the guarded way, since an exception block costs a subtransaction.
create function millrace.json_value(in_value bytea) returns jsonb
language plpgsql immutable strict parallel safe as $$
declare
    json_text constant text := convert_from(in_value, 'UTF8');
begin
    if json_text !~ '\\u(0000|[dD][89a-fA-F])|[eE][+-]?[0-9]{4}' then
        return json_text::jsonb;
    end if;
    begin
        return json_text::jsonb;
    exception when data_exception then
        return null;
    end;
end $$;

-- Bytes that the hub has checked to be UTF-8 as text, or null where text has no room for them: a NUL character.
create function millrace.utf8_text(in_bytes bytea) returns text
language sql immutable strict parallel safe
return case when position('\x00'::bytea in in_bytes) = 0 then convert_from(in_bytes, 'UTF8') end;

-- topic, partition, offset: where the record is. A time range on appended_at or a range of last_offset, both the batch's
-- own, lets PostgreSQL skip whole batches; the offset of a single record cannot.
create view millrace.record as
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
  join millrace.record_batch b on b.partition_id = p.partition_id and b.last_offset >= h.start_offset
 cross join lateral unnest(b.timestamps, b.keys, b.record_values, b.headers)
       with ordinality as r(record_timestamp, key, value, headers, ordinal)
 cross join lateral (select coalesce(get_byte(b.formats, (r.ordinal - 1)::int), 0) as format) f
 where b.last_offset - coalesce(b.offset_deltas[b.record_count], b.record_count - 1)
           + coalesce(b.offset_deltas[r.ordinal], r.ordinal - 1) >= h.start_offset;

comment on view millrace.record is 'One row a record. Filter by appended_at or last_offset to read only part of a topic.';
