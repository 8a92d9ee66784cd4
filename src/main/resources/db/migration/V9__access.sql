-- Who may do what. Owned by the package io.millrace.access; why it looks so: docs/decisions/0028-access.md

set local lock_timeout = '2s';

create table millrace.api_key (
    key_id      text        collate "C" primary key check (key_id ~ '^[a-z0-9]{12}$'),
    secret_hash bytea       not null check (length(secret_hash) = 32),
    principal   text        collate "C" not null check (principal ~ '^User:[^[:cntrl:]]{1,200}$'),
    description text,
    created_by  text        collate "C" not null,
    created_at  timestamptz not null default millrace.now(),
    expires_at  timestamptz,
    revoked_at  timestamptz
);

comment on table millrace.api_key is
    'API keys: what a client presents to be a principal. The secrets themselves are nowhere.';
comment on column millrace.api_key.key_id is 'The part of the key that is no secret, and names it.';
comment on column millrace.api_key.secret_hash is
    'SHA-256 of the whole key. Its secret part is 32 random bytes: no slow hash could make guessing harder.';
comment on column millrace.api_key.principal is 'Who presents it: User: and a name.';
comment on column millrace.api_key.description is 'What it is for; null: nobody has said.';
comment on column millrace.api_key.created_by is 'The principal that created it.';
comment on column millrace.api_key.created_at is 'When it was created.';
comment on column millrace.api_key.expires_at is 'When it ceases to be accepted; null: never.';
comment on column millrace.api_key.revoked_at is 'When it was revoked; null: it was not.';

create index api_key_principal on millrace.api_key (principal, key_id);

comment on index millrace.api_key_principal is 'Finds the keys of a principal.';

create table millrace.acl (
    acl_id        bigint      generated always as identity primary key,
    principal     text        collate "C" not null check (principal ~ '^(User|Group):[^[:cntrl:]]{1,200}$'),
    permission    text        not null check (permission in ('allow', 'deny')),
    operation     text        not null check (operation in
        ('all', 'read', 'write', 'create', 'alter', 'delete', 'describe', 'commit', 'reset')),
    resource_type text        not null check (resource_type in ('topic', 'group', 'cluster')),
    pattern_type  text        not null check (pattern_type in ('literal', 'prefixed')),
    resource_name text        collate "C" not null check (resource_name ~ '^([A-Za-z0-9._-]{1,249}|[*])$'),
    created_by    text        collate "C" not null default current_user,
    created_at    timestamptz not null default millrace.now(),
    unique (principal, resource_type, pattern_type, resource_name, operation, permission)
);

comment on table millrace.acl is 'Who may do what, in Kafka''s model: a denial wins over all that allows.';
comment on column millrace.acl.acl_id is 'The number by which clients name the rule.';
comment on column millrace.acl.principal is
    'Whom it is about: User: and a name, User:* for all callers that are known, or Group: and a name.';
comment on column millrace.acl.permission is 'Whether the operation is allowed or denied.';
comment on column millrace.acl.operation is 'The operation; some include others, as reading includes describing.';
comment on column millrace.acl.resource_type is 'What it is done to.';
comment on column millrace.acl.pattern_type is
    'Whether the name is that of one resource, or how the names of many begin.';
comment on column millrace.acl.resource_name is 'The name, or how names begin; literally *: all.';
comment on column millrace.acl.created_by is 'The principal that created it, or the role in SQL.';
comment on column millrace.acl.created_at is 'When it was created.';

create table millrace.quota (
    principal                 text        collate "C" primary key check (principal ~ '^User:[^[:cntrl:]]{1,200}$'),
    requests_per_second       bigint      check (requests_per_second between 1 and 1000000000),
    connections_per_second    bigint      check (connections_per_second between 1 and 1000000000),
    produced_bytes_per_second bigint      check (produced_bytes_per_second between 1 and 1000000000),
    consumed_bytes_per_second bigint      check (consumed_bytes_per_second between 1 and 1000000000),
    updated_by                text        collate "C" not null default current_user,
    updated_at                timestamptz not null default millrace.now()
);

comment on table millrace.quota is 'How much users may do in a second, on each node. Null: as much as they like.';
comment on column millrace.quota.principal is
    'User: and a name, or User:* for each user that has no row of its own.';
comment on column millrace.quota.requests_per_second is
    'HTTP requests, and frames of a WebSocket but those that only permit records.';
comment on column millrace.quota.connections_per_second is 'Connections on which the user is first known.';
comment on column millrace.quota.produced_bytes_per_second is 'Bytes of keys, values and headers that it stores.';
comment on column millrace.quota.consumed_bytes_per_second is 'Bytes of keys, values and headers that it is sent.';
comment on column millrace.quota.updated_by is 'The principal that has set it, or the role in SQL.';
comment on column millrace.quota.updated_at is 'When it was set.';

create unlogged table millrace.ticket (
    ticket_hash   bytea       primary key check (length(ticket_hash) = 32),
    principal     text        collate "C" not null,
    groups        text[]      not null,
    key_id        text        collate "C",
    caller_until  timestamptz,
    expires_at    timestamptz not null
);

comment on table millrace.ticket is
    'Tickets, by which a browser opens one stream. A row is deleted by who uses it. Unlogged: a crash costs tickets of seconds.';
comment on column millrace.ticket.ticket_hash is 'SHA-256 of the ticket.';
comment on column millrace.ticket.principal is 'Who asked for it, and opens the stream.';
comment on column millrace.ticket.groups is 'The principals that it belongs to.';
comment on column millrace.ticket.key_id is
    'The API key with which it was asked for: when that is revoked, so are the ticket and its stream. Null: another credential.';
comment on column millrace.ticket.caller_until is 'When that credential expires; null: never, or as the key does.';
comment on column millrace.ticket.expires_at is 'When it can no longer be used.';

create index ticket_expires_at on millrace.ticket (expires_at);

comment on index millrace.ticket_expires_at is 'Finds what nobody has used.';

-- Every transaction that changes keys, rules or quotas raises the version and holds the row's lock to its commit, so the order of
-- versions is the order of commits.
create table millrace.access_version (
    only_row boolean primary key default true check (only_row),
    version  bigint  not null
) with (fillfactor = 25);

comment on table millrace.access_version is 'One row, by which a node learns whether keys, rules or quotas have changed.';
comment on column millrace.access_version.only_row is 'Always true: there is one row.';
comment on column millrace.access_version.version is 'Raised with every change of any key, rule or quota, also one made in SQL.';

insert into millrace.access_version (version) values (0);

-- Nodes learn of changes whoever makes them: a hub, the command, or an operator in SQL.
create function millrace.access_changed() returns trigger
language plpgsql as $$
declare
    new_version bigint;
begin
    update millrace.access_version set version = version + 1 returning version into new_version;
    perform pg_notify('millrace_changes', 'sql;access;0:' || new_version || ',');
    return null;
end $$;

comment on function millrace.access_changed() is 'Raises the version of keys, rules and quotas, and notifies the nodes.';

create trigger api_key_changed after insert or update or delete or truncate on millrace.api_key
    for each statement execute function millrace.access_changed();
create trigger quota_changed after insert or update or delete or truncate on millrace.quota
    for each statement execute function millrace.access_changed();
create trigger acl_changed after insert or update or delete or truncate on millrace.acl
    for each statement execute function millrace.access_changed();
