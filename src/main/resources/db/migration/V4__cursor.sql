-- Positions of readers that follow many partitions; their cursors refer to these rows. Owned by the package
-- io.millrace.cursor; why they look so: docs/decisions/0014-short-cursors.md

create table millrace.cursor_base (
    cursor_id bytea       primary key check (octet_length(cursor_id) = 16),
    parent_id bytea,
    positions bytea       not null,
    used_at   timestamptz not null default millrace.now()
);

comment on table millrace.cursor_base is 'Positions in many partitions that the cursors of readers refer to.';
comment on column millrace.cursor_base.cursor_id is 'The first 16 bytes of the SHA-256 of parent and positions.';
comment on column millrace.cursor_base.parent_id is 'The row that the positions are a difference to; null: they are complete.';
comment on column millrace.cursor_base.positions is 'Positions by partition, in the hub''s own form.';
comment on column millrace.cursor_base.used_at is 'When a cursor that refers to the row was last used.';

create index cursor_base_used_at on millrace.cursor_base (used_at);

comment on index millrace.cursor_base_used_at is 'Finds rows that have not been used for a long time.';
