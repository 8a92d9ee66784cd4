-- The log. Owned by the package io.millrace.eventlog; why it looks so: docs/decisions/0001-log-layout.md and
-- docs/decisions/0012-appends-lock-heads-only.md. Functions and views are in R__functions.sql and R__views.sql; only
-- millrace.now() is here, since columns' defaults name it.

comment on schema millrace is
    'Millrace. For SQL users: the views record and partition_bounds. The tables are the hub''s own and change with its releases.';

-- PostgreSQL inlines clock_timestamp() wherever this is called: the function costs nothing.
create function millrace.now() returns timestamptz
language sql volatile parallel safe as 'select clock_timestamp()';

comment on function millrace.now() is
    'The time that all nodes write to rows and compare rows by: PostgreSQL''s, at the moment of the call.';

create sequence millrace.partition_id as int;

comment on sequence millrace.partition_id is 'Ids of partitions, never reused.';

-- One small row per partition. An append locks it until its commit and changes nothing in it.
create table millrace.partition_head (
    partition_id      int    primary key,
    leader_epoch      int    not null default 0,
    segment           int    not null,
    start_offset      bigint not null default 0 check (start_offset >= 0),
    segment_offset    bigint not null default 0,
    segment_timestamp bigint not null default 0
) with (fillfactor = 25);                          -- leaves room in the page for the new versions (HOT updates)

comment on table millrace.partition_head is
    'One row per partition. An append locks it until its commit, so the order of offsets is the order of commits.';
comment on column millrace.partition_head.partition_id is 'The partition in the log; topic_partition names its topic.';
comment on column millrace.partition_head.leader_epoch is
    'Raised when a failover may have lost the newest records: offsets of different epochs do not compare.';
comment on column millrace.partition_head.segment is 'The segment that the next batch goes to.';
comment on column millrace.partition_head.start_offset is 'The first offset that may be read.';
comment on column millrace.partition_head.segment_offset is
    'The next offset when the partition moved to its segment: its end until it has a batch there.';
comment on column millrace.partition_head.segment_timestamp is
    'The largest timestamp when the partition moved to its segment, in milliseconds since the epoch.';

create table millrace.segment (
    segment    int         primary key,
    created_at timestamptz not null default millrace.now()
);

comment on table millrace.segment is
    'Segments divide the log by size and age, all partitions alike: space is freed by dropping a segment.';
comment on column millrace.segment.segment is 'The number of the segment; its batches are in the table record_batch_<segment>.';
comment on column millrace.segment.created_at is 'When the segment began.';

create table millrace.segment_start (
    partition_id int    not null,
    segment      int    not null,
    first_offset bigint not null,
    primary key (partition_id, segment)
);

comment on table millrace.segment_start is 'Where each partition starts in each segment, so that a read can name its segments.';
comment on column millrace.segment_start.partition_id is 'The partition in the log.';
comment on column millrace.segment_start.segment is 'The segment.';
comment on column millrace.segment_start.first_offset is 'The partition''s next offset when it moved to the segment.';

-- One row per batch, never updated or deleted; the segments' tables are its partitions.
create table millrace.record_batch (
    segment        int         not null,
    partition_id   int         not null,
    record_count   int         not null,
    last_offset    bigint      not null,
    appended_at    timestamptz not null,
    max_timestamp  bigint      not null,
    high_timestamp bigint      not null,
    byte_size      int         not null,
    offset_deltas  int[],
    timestamps     bigint[]    not null,
    keys           bytea[],
    record_values  bytea[]     not null,
    headers        bytea[],
    formats        bytea
) partition by range (segment);

comment on table millrace.record_batch is
    'One row per batch, its records in arrays of equal length. The view record shows one row per record.';
comment on column millrace.record_batch.segment is 'The segment.';
comment on column millrace.record_batch.partition_id is 'The partition in the log.';
comment on column millrace.record_batch.record_count is 'How many records the batch holds.';
comment on column millrace.record_batch.last_offset is 'The offset of the last record.';
comment on column millrace.record_batch.appended_at is 'When the batch was stored, by the clock of PostgreSQL.';
comment on column millrace.record_batch.max_timestamp is
    'The largest timestamp in the batch, in milliseconds since the epoch.';
comment on column millrace.record_batch.high_timestamp is
    'The largest timestamp in the partition up to the end of this batch: it never falls, so a search by time is binary.';
comment on column millrace.record_batch.byte_size is 'Bytes of all keys, values and headers, before compression.';
comment on column millrace.record_batch.offset_deltas is
    'Each record''s distance from the first offset of the batch; null: 0, 1, 2, …';
comment on column millrace.record_batch.timestamps is 'Milliseconds since the epoch.';
comment on column millrace.record_batch.keys is 'A null element: the record has no key. Null: no record has one.';
comment on column millrace.record_batch.record_values is 'A null element is a tombstone.';
comment on column millrace.record_batch.headers is
    'JSON arrays in UTF-8. A null element: the record has no headers. Null: no record has any.';
comment on column millrace.record_batch.formats is
    'A byte per record. The low two bits are the value''s form: 0 JSON, 1 text, 2 binary; 4: the key is binary. Null: all 0.';

-- By default PostgreSQL would try to compress every large array by pglz: measured, that costs more than the whole append.
alter table millrace.record_batch
    alter column offset_deltas set storage external,
    alter column timestamps set storage external,
    alter column keys set storage external,
    alter column record_values set storage external,
    alter column headers set storage external,
    alter column formats set storage external;

create index record_batch_offset on millrace.record_batch (partition_id, last_offset);

comment on index millrace.record_batch_offset is
    'Finds the batch that holds an offset, the last batch of a partition, and by bisection the first at a time.';
