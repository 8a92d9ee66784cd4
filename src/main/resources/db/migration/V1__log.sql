-- The log. Owned by the package io.millrace.eventlog; why it looks so: docs/decisions/0001-log-layout.md

create sequence millrace.partition_id as int;

-- One tiny row a partition. Every append updates it and holds its lock to commit, so the order of offsets is the order
-- of commits. Only columns without an index ever change (HOT updates); the low fill factor leaves them room in the page.
create table millrace.partition_head (
    partition_id  int    primary key,
    epoch         int    not null default 0,   -- raised when a failover may have lost the tail
    segment       int    not null,             -- where the next batch goes
    start_offset  bigint not null default 0,   -- first offset that may be read
    next_offset   bigint not null default 0,   -- the offset of the next record
    max_timestamp bigint not null default 0,   -- the largest record timestamp so far, milliseconds since the epoch
    check (start_offset between 0 and next_offset)
) with (fillfactor = 25, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Segments divide the log by time and size, all partitions alike, so that space is given back by dropping a table.
create table millrace.segment (
    segment    int primary key,
    created_at timestamptz not null default clock_timestamp()
);

-- Where each partition starts in a segment: its next offset at the moment when it was moved there.
create table millrace.segment_start (
    partition_id int    not null,
    segment      int    not null,
    first_offset bigint not null,
    primary key (partition_id, segment)
);

-- One row a batch; the records in arrays of equal length. Never updated, never deleted from.
create table millrace.record_batch (
    segment        int         not null,
    partition_id   int         not null,
    record_count   int         not null,
    last_offset    bigint      not null,
    appended_at    timestamptz not null,
    max_timestamp  bigint      not null,       -- the largest timestamp in this batch
    high_timestamp bigint      not null,       -- the largest in the partition up to and with this batch: never falls
    byte_size      int         not null,       -- keys, values and headers
    offset_deltas  int[],                      -- from the batch's first offset; null: 0, 1, 2, …
    timestamps     bigint[]    not null,       -- milliseconds since the epoch
    keys           bytea[],                    -- null: no record has a key
    record_values  bytea[]     not null,
    headers        bytea[],                    -- JSON arrays in UTF-8; null: no record has headers
    formats        bytea                       -- a byte a record, see io.millrace.event.RecordFormat; null: all 0
) partition by range (segment);

-- By default PostgreSQL would try to compress every large array: measured, it costs more than the whole append.
alter table millrace.record_batch
    alter column offset_deltas set storage external,
    alter column timestamps set storage external,
    alter column keys set storage external,
    alter column record_values set storage external,
    alter column headers set storage external,
    alter column formats set storage external;

create index record_batch_offset on millrace.record_batch (partition_id, last_offset);

-- Creates the table of a segment. Attaching it, unlike "create table … partition of", does not lock out readers and
-- writers of the others. Its rows are only ever inserted: autovacuum has nothing to do until it is sealed.
create function millrace.create_segment(new_segment int) returns void
language plpgsql as $$
declare
    name constant text := 'record_batch_' || new_segment;
begin
    insert into millrace.segment (segment) values (new_segment);
    execute format(
        'create table millrace.%I (like millrace.record_batch including all, check (segment = %s))
         with (autovacuum_vacuum_insert_threshold = -1)', name, new_segment);
    execute format(
        'alter table millrace.record_batch attach partition millrace.%I for values from (%s) to (%s)',
        name, new_segment, new_segment + 1);
end $$;

select millrace.create_segment(1);

-- Finds the first offset in [first, past) whose record has at least this timestamp; past if there is none. The binary
-- search works on high_timestamp, which never falls from one batch to the next.
create function millrace.offset_of_timestamp(in_partition_id int, in_timestamp bigint, first bigint, past bigint)
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
    -- The record that set high_timestamp may lie before first: go on until a record itself is late enough.
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
