-- The first eight digits of a WAL file's name are its timeline. The control file names the timeline of the last checkpoint,
-- which after a promotion may be the old one.
select system_identifier, ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int as timeline
  from pg_control_system()
