-- Consumer groups. Owned by the package io.millrace.group; why they look so: docs/decisions/0008-groups.md

-- Every change of a group's members or owners is made under the lock of the group's row.
create table millrace.consumer_group (
    group_id          int         generated always as identity primary key,
    name              text        collate "C" not null unique,
    assignor          text        not null default 'sticky',
    epoch             bigint      not null default 0,
    catalogue_version bigint      not null default -1,
    created_at        timestamptz not null default millrace.now()
) with (fillfactor = 50);

comment on table millrace.consumer_group is 'Consumer groups.';
comment on column millrace.consumer_group.group_id is 'The group''s number, never used twice.';
comment on column millrace.consumer_group.name is 'The group''s name.';
comment on column millrace.consumer_group.assignor is 'How partitions are spread over members: sticky, range or round_robin.';
comment on column millrace.consumer_group.epoch is 'Raised with every change of members or owners.';
comment on column millrace.consumer_group.catalogue_version is
    'The version of topic_catalogue when partitions were last assigned.';
comment on column millrace.consumer_group.created_at is 'When the group was created.';

create table millrace.group_member (
    group_id           int         not null references millrace.consumer_group on delete cascade,
    member_id          text        not null,
    instance_id        text,
    protocol           text        not null check (protocol in ('websocket', 'sse', 'rest')),
    node_id            text,
    expires_at         timestamptz,
    session_timeout_ms int         not null,
    topics             text[]      not null,
    joined_from        text        not null,
    epoch              bigint      not null,
    told_epoch         bigint      not null default -1,
    joined_at          timestamptz not null default millrace.now(),
    primary key (group_id, member_id),
    check (node_id is not null or expires_at is not null)
) with (fillfactor = 50);

comment on table millrace.group_member is 'Members of consumer groups.';
comment on column millrace.group_member.group_id is 'The group.';
comment on column millrace.group_member.member_id is 'The member, named by the hub.';
comment on column millrace.group_member.instance_id is
    'The name of a static member, which keeps its partitions over a restart; null: none.';
comment on column millrace.group_member.protocol is 'How the member reads: websocket, sse or rest.';
comment on column millrace.group_member.node_id is 'The node by whose lease the member lives; null: it lives by expires_at.';
comment on column millrace.group_member.expires_at is 'When a member without a connection is expelled if it does not call.';
comment on column millrace.group_member.session_timeout_ms is 'How long the member may be silent, in milliseconds.';
comment on column millrace.group_member.topics is 'The topics subscribed to: names, or patterns with * for any characters.';
comment on column millrace.group_member.joined_from is
    'Where the member reads what has no committed offset, or an expired one: earliest, latest, milliseconds since 1970.';
comment on column millrace.group_member.epoch is
    'The group''s epoch when what the member owns, or has to release, last changed.';
comment on column millrace.group_member.told_epoch is 'The last epoch that the member was told.';
comment on column millrace.group_member.joined_at is 'When the member joined.';

create unique index group_member_instance on millrace.group_member (group_id, instance_id)
    where instance_id is not null;

comment on index millrace.group_member_instance is 'A static member is in its group at most once.';

-- A commit is fenced by its own row. No column that a commit changes has an index (HOT updates).
create table millrace.committed_offset (
    group_id     int         not null references millrace.consumer_group on delete cascade,
    partition_id int         not null,
    topic        text        collate "C" not null,
    partition    int         not null,
    next_offset  bigint      not null,
    metadata     text,
    committed_at timestamptz,
    owner        text,
    owner_epoch  bigint      not null default 0,
    revoke_epoch bigint,
    primary key (group_id, partition_id)
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on table millrace.committed_offset is 'How far each group has come in each partition, and which member owns it.';
comment on column millrace.committed_offset.group_id is 'The group.';
comment on column millrace.committed_offset.partition_id is 'The partition in the log.';
comment on column millrace.committed_offset.topic is 'The topic''s name.';
comment on column millrace.committed_offset.partition is 'The number of the partition in its topic.';
comment on column millrace.committed_offset.next_offset is
    'The offset to read next; before the first commit, where the group begins.';
comment on column millrace.committed_offset.metadata is 'What the member added to its commit.';
comment on column millrace.committed_offset.committed_at is 'When next_offset was committed; null: never.';
comment on column millrace.committed_offset.owner is 'The member that the partition is assigned to; null: none.';
comment on column millrace.committed_offset.owner_epoch is 'The group''s epoch when the partition became the owner''s.';
comment on column millrace.committed_offset.revoke_epoch is
    'The group''s epoch when the owner was asked to release the partition; null: it was not.';
