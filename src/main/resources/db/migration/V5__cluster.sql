-- The nodes that share the database. Owned by the package io.millrace.cluster; why it looks so: docs/decisions/0023-cluster.md

create table millrace.node (
    node_id     text        primary key,
    address     text,
    started_at  timestamptz not null,
    lease_until timestamptz not null
) with (fillfactor = 25);                          -- leaves room in the page for the new versions (HOT updates)

comment on table millrace.node is
    'Nodes and their leases. What a node does alone, such as serving members over open connections, it may do until its lease ends.';
comment on column millrace.node.node_id is 'The node, named anew with each start, and when it has lost its lease.';
comment on column millrace.node.address is 'The URL under which the node is reached; null: it does not listen yet.';
comment on column millrace.node.started_at is 'When the node took this name.';
comment on column millrace.node.lease_until is 'When the node counts as dead if it has not renewed its lease.';
