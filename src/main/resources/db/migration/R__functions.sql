-- Functions of the log. Applied again when this file changes, while hubs of the release before still call them:
-- docs/decisions/0019-schema-and-upgrades.md says what may change here.

create or replace function millrace.segment_table(in_segment int) returns text
language sql immutable strict parallel safe
return 'record_batch_' || case when in_segment < 0 then 'r' || -in_segment else in_segment::text end;

comment on function millrace.segment_table(int) is 'The name of a segment''s table.';

-- No query asks how often an element is in an array, and to find out, "analyze" would read and sort the elements of 30,000
-- batches: that takes longer than copying the segment.
create or replace function millrace.leave_arrays_unanalyzed(in_segment int) returns void
language plpgsql as $$
begin
    execute format(
        'alter table millrace.%I
             alter column offset_deltas set statistics 0,
             alter column timestamps set statistics 0,
             alter column keys set statistics 0,
             alter column record_values set statistics 0,
             alter column headers set statistics 0,
             alter column formats set statistics 0', millrace.segment_table(in_segment));
end $$;

comment on function millrace.leave_arrays_unanalyzed(int) is
    'Lets "analyze" and autovacuum skip the columns of a segment that hold the records.';

-- Attaching a table, unlike "create table … partition of", does not lock out readers and writers of the other segments.
-- Rows are only inserted: autovacuum has nothing to do until the segment is sealed.
create or replace function millrace.create_segment(new_segment int) returns void
language plpgsql as $$
declare
    name constant text := millrace.segment_table(new_segment);
begin
    insert into millrace.segment (segment) values (new_segment);
    execute format(
        'create table millrace.%I (like millrace.record_batch including all, check (segment = %s))
         with (autovacuum_vacuum_insert_threshold = -1)', name, new_segment);
    execute format('comment on table millrace.%I is %L', name, 'The batches of segment ' || new_segment || '.');
    perform millrace.leave_arrays_unanalyzed(new_segment);
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
    segment_table constant regclass := 'millrace.' || millrace.segment_table(in_segment);
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

-- The table is not part of the log yet, and has no index: it is filled first. It stores as the newest of the segments does
-- that it replaces.
create or replace function millrace.create_replacement(in_segments int[], in_last_segment int) returns int
language plpgsql as $$
declare
    new_segment int;
    source text;
begin
    update millrace.log_layout set replacements = replacements + 1 returning -replacements into new_segment;
    insert into millrace.segment (segment, state, created_at, last_replaced)
    select new_segment, 'filling', min(s.created_at),
           (select coalesce(l.last_replaced, l.segment) from millrace.segment l where l.segment = in_last_segment)
      from millrace.segment s
     where s.segment = any (in_segments);
    source := millrace.segment_table(in_last_segment);
    execute format(
        'create table millrace.%I (like millrace.%I including all excluding indexes excluding constraints excluding statistics)
         with (autovacuum_enabled = off)', millrace.segment_table(new_segment), source);
    execute format('comment on table millrace.%I is %L', millrace.segment_table(new_segment),
                   'The batches of segment ' || new_segment || ', which replaces others.');
    perform millrace.leave_arrays_unanalyzed(new_segment);
    return new_segment;
end $$;

comment on function millrace.create_replacement(int[], int) is
    'Creates a segment that shall replace others, and returns its number, which is negative. Of partitions that it takes over, it takes all up to the last segment.';

create or replace function millrace.copy_live_batches(
    from_segment int, to_segment int, in_partition_ids int[], in_offset bigint, max_batches bigint)
returns bigint
language plpgsql as $$
declare
    last_copied bigint;
begin
    execute format(
        'with copied as (
             insert into millrace.%I
                    (segment, partition_id, record_count, last_offset, appended_at, max_timestamp, high_timestamp, byte_size,
                     offset_deltas, timestamps, keys, record_values, headers, formats, compacted_at)
             select %s, b.partition_id, b.record_count, b.last_offset, b.appended_at, b.max_timestamp, b.high_timestamp,
                    b.byte_size, b.offset_deltas, b.timestamps, b.keys, b.record_values, b.headers, b.formats, b.compacted_at
               from millrace.%I b
               join millrace.partition_head h on h.partition_id = b.partition_id
              where b.partition_id = any ($1) and b.last_offset >= greatest($2, h.start_offset)
              order by b.partition_id, b.last_offset
              limit $3
             returning last_offset)
         select max(last_offset) from copied',
        millrace.segment_table(to_segment), to_segment, millrace.segment_table(from_segment))
    using in_partition_ids, in_offset, max_batches
    into last_copied;
    return last_copied;
end $$;

comment on function millrace.copy_live_batches(int, int, int[], bigint, bigint) is
    'Copies batches of some partitions that end at or after an offset, and may still be read, to a segment that is being filled; returns the largest offset of these.';

create or replace function millrace.index_replacement(in_segment int) returns void
language plpgsql as $$
begin
    execute format('create index %I on millrace.%I (partition_id, last_offset)',
                   millrace.segment_table(in_segment) || '_partition_id_last_offset_idx', millrace.segment_table(in_segment));
    execute format('alter table millrace.%I reset (autovacuum_enabled)', millrace.segment_table(in_segment));
end $$;

comment on function millrace.index_replacement(int) is 'Creates the index of a segment that has been filled.';

-- In a transaction of its own, before the segment takes the place of others. A commit becomes visible a moment before other
-- sessions are told that tables have changed, and the lock that is taken here does not make them wait: a reader could see that
-- the segment is in place, and not find its table.
create or replace function millrace.attach_replacement(in_segment int) returns void
language plpgsql as $$
declare
    new_table constant text := millrace.segment_table(in_segment);
begin
    execute format('alter table millrace.%I add constraint %I check (segment = %s)',
                   new_table, new_table || '_segment_check', in_segment);
    execute format('alter table millrace.record_batch attach partition millrace.%I for values from (%s) to (%s)',
                   new_table, in_segment, in_segment + 1);
end $$;

comment on function millrace.attach_replacement(int) is
    'Makes the table of a segment that has been filled and indexed a partition of the log''s table. It is not part of the log yet.';

-- In one transaction, so every snapshot sees either the old segments or the new one. A partition that has been deleted
-- meanwhile has no rows of the old segments any more, or they are being deleted: then the new row is never read. What a
-- partition has in the new segment must follow each other, else reads would skip what lies between.
create or replace function millrace.replace_segments(
    in_segment int, in_segments int[], in_partition_ids int[], in_compacted boolean)
returns void
language plpgsql as $$
declare
    new_table constant text := millrace.segment_table(in_segment);
begin
    create temporary table replaced on commit drop as
    select s.partition_id, s.segment, s.first_offset, s.counted_from, s.compacted
      from millrace.segment_start s
     where s.segment = any (in_segments) and (in_partition_ids is null or s.partition_id = any (in_partition_ids))
     order by s.partition_id, s.segment
       for update of s;
    if exists (select
                 from (select r.partition_id, min(r.first_offset) as low, max(r.first_offset) as high
                         from replaced r
                        group by r.partition_id) taken
                 join millrace.segment_start s on s.partition_id = taken.partition_id
                where s.segment <> all (in_segments) and s.first_offset > taken.low and s.first_offset < taken.high) then
        raise exception 'segment % cannot replace %: there is another between them', in_segment, in_segments;
    end if;
    update millrace.log_layout set version = version + 1;
    execute format(
        'insert into millrace.segment_start
                (partition_id, segment, first_offset, counted_from, counted_to, batch_count, byte_size, newest, compacted,
                 tombstones_since)
         select o.partition_id, %1$s, o.first_offset, o.counted_from, n.next_offset, n.batches, n.bytes, n.newest, o.compacted,
                n.tombstones_since
           from (select partition_id, min(first_offset) as first_offset, min(counted_from) as counted_from,
                        $1 or bool_and(compacted) as compacted
                   from replaced
                  group by partition_id) o
           join (select b.partition_id, count(*) as batches, sum(b.byte_size) as bytes, max(b.last_offset) + 1 as next_offset,
                        max(millrace.batch_time(b.max_timestamp, b.appended_at)) as newest,
                        min(b.compacted_at) as tombstones_since
                   from millrace.%2$I b
                  group by b.partition_id) n on n.partition_id = o.partition_id',
        in_segment, new_table)
    using in_compacted;
    delete from millrace.segment_start s using replaced r where s.partition_id = r.partition_id and s.segment = r.segment;
    update millrace.segment
       set state = 'sealed',
           written_bytes = (select coalesce(sum(byte_size), 0) from millrace.segment_start where segment = in_segment)
     where segment = in_segment;
end $$;

comment on function millrace.replace_segments(int, int[], int[], boolean) is
    'Lets a segment that has been filled, indexed and attached take the place of others, for some partitions or, with null, for all.';

-- A timestamp from the future would keep its batch for as long.
create or replace function millrace.batch_time(max_timestamp bigint, appended_at timestamptz) returns bigint
language sql stable parallel safe
return least(max_timestamp, (extract(epoch from appended_at) * 1000)::bigint);

comment on function millrace.batch_time(bigint, timestamptz) is
    'From when a batch''s age counts, in milliseconds since the epoch: its largest timestamp, or when it was stored if that is earlier.';

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
           and exists (select from millrace.segment_start s
                        where s.partition_id = b.partition_id and s.segment = b.segment)
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
           and exists (select from millrace.segment_start s
                        where s.partition_id = b.partition_id and s.segment = b.segment)
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
