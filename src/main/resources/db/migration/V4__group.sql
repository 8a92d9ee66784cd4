-- Consumer groups. Owned by the package io.millrace.group; why they look so: docs/decisions/0008-groups.md

-- Nodes that serve members over open connections. A node that dies is noticed by its lease: one row a node, not one
-- heartbeat a member.
create table millrace.group_node (
    node_id     text        primary key,
    lease_until timestamptz not null
) with (fillfactor = 25);

-- Every change of a group's members or of who owns what is made under the lock of its row.
create table millrace.consumer_group (
    group_id          int         generated always as identity primary key,
    name              text        collate "C" not null unique,
    assignor          text        not null default 'sticky',
    epoch             bigint      not null default 0,     -- raised with every change of who owns what
    catalogue_version bigint      not null default -1,    -- of the topics that partitions were last assigned for
    created_at        timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

create table millrace.group_member (
    group_id           int         not null references millrace.consumer_group on delete cascade,
    member_id          text        not null,
    instance_id        text,                              -- a static member: keeps its partitions over a restart
    protocol           text        not null check (protocol in ('websocket', 'sse', 'rest')),
    node_id            text,                              -- whose lease it lives by; null: it lives by expires_at
    expires_at         timestamptz,
    session_timeout_ms int         not null,
    topics             text[]      not null,              -- names, or patterns with * for any run of characters
    epoch              bigint      not null,              -- of the last change of what it owns or has to give up
    told_epoch         bigint      not null default -1,   -- the last epoch that it was answered
    joined_at          timestamptz not null default clock_timestamp(),
    primary key (group_id, member_id),
    check (node_id is not null or expires_at is not null)
) with (fillfactor = 50);

create unique index group_member_instance on millrace.group_member (group_id, instance_id);

-- How far a group has come in a partition, and who may say so. A commit is fenced by its own row: it names the owner,
-- and the epoch at which the partition became its own. No column that a commit changes has an index (HOT updates).
create table millrace.committed_offset (
    group_id     int         not null references millrace.consumer_group on delete cascade,
    partition_id int         not null,                    -- in the log
    topic        text        collate "C" not null,
    partition    int         not null,
    next_offset  bigint      not null,                    -- the next to read; where the group begins, until it commits
    metadata     text,
    committed_at timestamptz,                             -- null: never committed
    owner        text,                                    -- the member that it is assigned to
    owner_epoch  bigint      not null default 0,          -- when it became the owner's
    revoke_epoch bigint,                                  -- when the owner was asked to let go; null: it was not
    primary key (group_id, partition_id)
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
