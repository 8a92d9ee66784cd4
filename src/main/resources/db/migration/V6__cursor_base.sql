-- Positions of readers that follow many partitions, for their cursors to refer to. Owned by the package
-- io.millrace.cursor; why they look so: docs/decisions/0014-short-cursors.md

create table millrace.cursor_base (
    cursor_id bytea       primary key,                   -- 16 bytes of the SHA-256 of parent and positions
    parent_id bytea,                                     -- the base that the positions are told from; null: they are whole
    positions bytea       not null,
    used_at   timestamptz not null default clock_timestamp(),
    check (octet_length(cursor_id) = 16)
);

-- For the sweep of those not used for long.
create index cursor_base_used_at on millrace.cursor_base (used_at);
