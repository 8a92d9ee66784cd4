-- Functions of the log. Applied again when this file changes, while hubs of the release before still call them:
-- docs/decisions/0019-schema-and-upgrades.md says what may change here.

-- Attaching a table, unlike "create table … partition of", does not lock out readers and writers of the other segments.
-- Rows are only inserted: autovacuum has nothing to do until the segment is sealed.
create or replace function millrace.create_segment(new_segment int) returns void
language plpgsql as $$
declare
    name constant text := 'record_batch_' || new_segment;
begin
    insert into millrace.segment (segment) values (new_segment);
    execute format(
        'create table millrace.%I (like millrace.record_batch including all, check (segment = %s))
         with (autovacuum_vacuum_insert_threshold = -1)', name, new_segment);
    execute format('comment on table millrace.%I is %L', name, 'The batches of segment ' || new_segment || '.');
    execute format(
        'alter table millrace.record_batch attach partition millrace.%I for values from (%s) to (%s)',
        name, new_segment, new_segment + 1);
end $$;

comment on function millrace.create_segment(int) is 'Creates a segment and its table.';

-- A new log begins with segment 1.
do $$
begin
    if not exists (select from millrace.segment) then
        perform millrace.create_segment(1);
    end if;
end $$;

-- While this waits for the table's lock, all other statements on the table wait too. So it asks for the lock only if there
-- is something to change, and gives up after 100 ms.
create or replace function millrace.compress_segment(in_segment int, in_lz4 boolean) returns boolean
language plpgsql as $$
declare
    segment_table constant regclass := 'millrace.record_batch_' || in_segment;
    wanted_storage constant text := case when in_lz4 then 'extended' else 'external' end;
    wanted_method constant text := case when in_lz4 then 'lz4' else 'default' end;
    changes text;
begin
    select string_agg(format('alter column %1$I set storage %2$s, alter column %1$I set compression %3$s',
                             a.attname, wanted_storage, wanted_method), ', ')
      into changes
      from pg_attribute a
     where a.attrelid = segment_table
       and a.attname in ('offset_deltas', 'timestamps', 'keys', 'record_values', 'headers', 'formats')
       and (a.attstorage <> case when in_lz4 then 'x' else 'e' end
            or a.attcompression <> case when in_lz4 then 'l' else '' end);
    if changes is not null then
        perform set_config('lock_timeout', '100ms', true);
        execute format('alter table %s %s', segment_table, changes);
    end if;
    return changes is not null;
end $$;

comment on function millrace.compress_segment(int, boolean) is
    'Compresses what is stored in a segment from now on by lz4, or not at all; returns whether that is a change.';

-- The lock keeps a segment from beginning before this transaction ends: so the partitions are in the newest segment when
-- others see them, and the oldest segment that a head names never goes back. The other lock is that of whoever begins a
-- leader epoch: the partitions are of the epoch that is the current one when others see them.
create or replace function millrace.create_partitions(in_count int) returns setof int
language plpgsql as $$
begin
    lock table millrace.segment in share mode;
    perform pg_advisory_xact_lock_shared(7824891274);
    return query
      with head as (
          insert into millrace.partition_head (partition_id, segment, leader_epoch)
          select nextval('millrace.partition_id'), (select max(segment) from millrace.segment),
                 coalesce((select max(leader_epoch) from millrace.leader), 0)
            from generate_series(1, in_count)
          returning partition_id, segment
      ), start as (
          insert into millrace.segment_start (partition_id, segment, first_offset)
          select head.partition_id, head.segment, 0 from head
      )
      select head.partition_id from head order by head.partition_id;
end $$;

comment on function millrace.create_partitions(int) is 'Creates empty partitions, in the current leader epoch, and returns their ids, ascending.';

-- If the segment is a constant, the function is inlined into the calling query, and PostgreSQL skips older segments.
create or replace function millrace.last_batch(in_partition_id int, first_segment int)
returns table (last_offset bigint, high_timestamp bigint)
language sql stable as $$
    select b.last_offset, b.high_timestamp
      from millrace.record_batch b
     where b.partition_id = in_partition_id and b.segment >= first_segment
     order by b.last_offset desc
     limit 1
$$;

comment on function millrace.last_batch(int, int) is
    'The last batch of a partition, if it has one in the given segment or a later one.';

-- A binary search on high_timestamp, which never falls from one batch to the next.
create or replace function millrace.offset_of_timestamp(
    in_partition_id int, in_timestamp bigint, first bigint, past bigint)
returns bigint
language plpgsql stable as $$
declare
    low bigint := first;
    high bigint := past;
    middle bigint;
    batch record;
    candidate bigint;
begin
    while low < high loop
        middle := low + (high - low) / 2;
        select b.last_offset, b.high_timestamp into batch
          from millrace.record_batch b
         where b.partition_id = in_partition_id and b.last_offset >= middle
         order by b.last_offset limit 1;
        exit when not found;
        if batch.high_timestamp >= in_timestamp then
            high := middle;
        else
            low := batch.last_offset + 1;
        end if;
    end loop;
    -- The record that set high_timestamp may lie before first: go on to a record that is itself late enough.
    for batch in
        select b.last_offset, b.record_count, b.offset_deltas, b.timestamps
          from millrace.record_batch b
         where b.partition_id = in_partition_id and b.last_offset >= low and b.last_offset < past
           and b.max_timestamp >= in_timestamp
         order by b.last_offset
    loop
        select min(o.record_offset) into candidate
          from (select batch.last_offset - coalesce(batch.offset_deltas[batch.record_count], batch.record_count - 1)
                       + coalesce(batch.offset_deltas[t.ordinal], t.ordinal - 1) as record_offset
                  from unnest(batch.timestamps) with ordinality as t(record_timestamp, ordinal)
                 where t.record_timestamp >= in_timestamp) o
         where o.record_offset >= first;
        if candidate is not null then
            return candidate;
        end if;
    end loop;
    return past;
end $$;

comment on function millrace.offset_of_timestamp(int, bigint, bigint, bigint) is
    'The first offset in [first, past) whose record has at least this timestamp in milliseconds; past if there is none.';

-- A value that jsonb cannot hold must not fail the query that reads it; its text is in value_text. Only values that may be
-- such are cast in an exception block, which costs a subtransaction.
create or replace function millrace.json_value(in_value bytea) returns jsonb
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

comment on function millrace.json_value(bytea) is
    'JSON in UTF-8 as jsonb; null where jsonb cannot hold it: a NUL, half a surrogate pair, a number beyond numeric.';

create or replace function millrace.utf8_text(in_bytes bytea) returns text
language sql immutable strict parallel safe
return case when position('\x00'::bytea in in_bytes) = 0 then convert_from(in_bytes, 'UTF8') end;

comment on function millrace.utf8_text(bytea) is 'Bytes in UTF-8 as text; null where text cannot hold them: a NUL.';
