-- What the segments hold, and how they are cleaned. Owned by the package io.millrace.eventlog; why it looks so:
-- docs/decisions/0026-retention.md

set local lock_timeout = '2s';

alter table millrace.record_batch add column compacted_at timestamptz;

comment on column millrace.record_batch.compacted_at is
    'When compaction first saw the tombstones of the batch; null: it has not, or there are none.';

alter table millrace.topic
    add column delete_retention_ms   bigint not null default 86400000,
    add column min_compaction_lag_ms bigint not null default 0;

comment on column millrace.topic.delete_retention_ms is
    'How long a tombstone is kept after compaction has first seen it, in milliseconds.';
comment on column millrace.topic.min_compaction_lag_ms is
    'How long a record is kept whatever comes after it, in milliseconds.';

alter table millrace.segment
    add column state          text    not null default 'open'
        check (state in ('open', 'sealed', 'filling', 'retired')),
    add column roll_early     boolean not null default false,
    add column last_replaced  int,
    add column written_bytes  bigint  not null default 0,
    add column retired_by     xid8;

comment on table millrace.segment is
    'Segments divide the log by size and age, all partitions alike: space is freed by dropping a segment. Those with negative numbers replace others.';
comment on column millrace.segment.segment is
    'The number of the segment. Its batches are in the table record_batch_<segment>, or record_batch_r<number> if it replaces others.';
comment on column millrace.segment.state is
    'open: it can still grow. sealed: it can no longer grow. filling: live batches of others are being copied to it. retired: nothing reads it any more, its table can be dropped.';
comment on column millrace.segment.roll_early is 'Whether the next segment shall begin at once, so that this one can be cleaned.';
comment on column millrace.segment.last_replaced is 'The last of the segments that it replaces; null: none.';
comment on column millrace.segment.written_bytes is
    'Bytes of all keys, values and headers in it, before compression, of dead records too. While it is open: as counted last.';
comment on column millrace.segment.retired_by is
    'The transaction that retired it: whoever began before that may still read it.';

alter table millrace.segment_start
    add column counted_from bigint not null default 0,
    add column counted_to   bigint not null default 0,
    add column batch_count  bigint not null default 0,
    add column byte_size    bigint not null default 0,
    add column newest       bigint not null default 0,
    add column compacted    boolean not null default false,
    add column tombstones_since timestamptz;

-- The cleaner updates the counts of what has grown (HOT updates).
alter table millrace.segment_start set (fillfactor = 70);

comment on table millrace.segment_start is
    'Where each partition starts in each segment, so that a read can name its segment, and what it holds there. Batches without such a row are not part of the log.';
comment on column millrace.segment_start.counted_from is 'Batches that end before this offset are not counted: they are dead.';
comment on column millrace.segment_start.counted_to is 'Batches that begin at or after this offset are not counted yet.';
comment on column millrace.segment_start.batch_count is 'How many batches have been counted.';
comment on column millrace.segment_start.byte_size is 'Bytes of their keys, values and headers, before compression.';
comment on column millrace.segment_start.newest is
    'The largest timestamp of a record in them, in milliseconds since the epoch; of a batch from the future, when it was stored.';

comment on column millrace.segment_start.compacted is
    'Whether compaction has been here: no key has an older record here, or in segments before.';
comment on column millrace.segment_start.tombstones_since is
    'When compaction first saw the oldest of the tombstones; null: it has not, or there are none.';

create index segment_start_segment on millrace.segment_start (segment, partition_id);

comment on index millrace.segment_start_segment is 'Finds what is in a segment.';

create table millrace.log_layout (
    only_row     boolean primary key default true check (only_row),
    version      bigint  not null,
    replacements int     not null default 0
) with (fillfactor = 25);                          -- leaves room in the page for the new versions (HOT updates)

comment on table millrace.log_layout is
    'One row, by which a read knows whether a segment that it names may have been replaced since the node looked it up.';
comment on column millrace.log_layout.only_row is 'Always true: there is one row.';
comment on column millrace.log_layout.replacements is
    'How many segments have been created that replace others: their numbers are not used again.';
comment on column millrace.log_layout.version is 'Raised whenever a segment replaces others.';

insert into millrace.log_layout (version) values (0);

create table millrace.cleaning (
    only_row        boolean     primary key default true check (only_row),
    ended_at        timestamptz,
    segments_freed  bigint      not null default 0,
    bytes_freed     bigint      not null default 0,
    bytes_rewritten bigint      not null default 0,
    backlog_bytes   bigint      not null default 0,
    waits_for       text
) with (fillfactor = 25);

comment on table millrace.cleaning is 'One row: what the cleaner of the log has done, and what it has before it.';
comment on column millrace.cleaning.only_row is 'Always true: there is one row.';
comment on column millrace.cleaning.ended_at is 'When the last complete round ended; null: there was none.';
comment on column millrace.cleaning.segments_freed is 'How many segments have been dropped so far.';
comment on column millrace.cleaning.bytes_freed is 'How much their tables took on disk.';
comment on column millrace.cleaning.bytes_rewritten is 'How much the tables that replaced others took on disk.';
comment on column millrace.cleaning.backlog_bytes is 'How much the tables take on disk that wait to be dropped or rewritten.';
comment on column millrace.cleaning.waits_for is 'What keeps the cleaner from dropping tables; null: nothing.';

insert into millrace.cleaning default values;
