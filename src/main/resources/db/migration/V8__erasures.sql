-- Keys to be erased. Owned by the package io.millrace.erasure; why it looks so: docs/decisions/0027-erasing-keys.md

set local lock_timeout = '2s';

create table millrace.erasure (
    erasure_id     bigint      generated always as identity primary key,
    topic_id       int         not null,
    key            bytea,
    partition_ids  int[]       not null,
    before_offsets bigint[]    not null,
    segments       int[],
    requested_at   timestamptz not null default millrace.now(),
    erased_at      timestamptz,
    check ((key is null) = (erased_at is not null))
);

comment on table millrace.erasure is
    'Keys whose records shall be physically gone, and when they were. Rows outlive their topic: its records may be on disk longer.';
comment on column millrace.erasure.erasure_id is 'The number by which clients ask for it.';
comment on column millrace.erasure.topic_id is 'The topic, which may have been deleted meanwhile.';
comment on column millrace.erasure.key is 'The key; null once its records are gone.';
comment on column millrace.erasure.partition_ids is 'The partitions of the topic when erasing was asked for, ascending.';
comment on column millrace.erasure.before_offsets is
    'Where each of these partitions ended then: records of the key that have come since stay.';
comment on column millrace.erasure.segments is
    'The segments whose tables hold such records; null: not searched yet. Those that no longer exist do not count.';
comment on column millrace.erasure.requested_at is 'When erasing was asked for.';
comment on column millrace.erasure.erased_at is 'When such records were gone from all tables; null: some may be there.';

create index erasure_erased_at on millrace.erasure (erased_at);

comment on index millrace.erasure_erased_at is 'Finds what is left to do, and what was done a moment ago.';
