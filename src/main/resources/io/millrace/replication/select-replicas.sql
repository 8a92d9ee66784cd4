-- A row for each standby, and one if there is none. Columns of a standby are null for a role without pg_read_all_stats.
-- With synchronous_standby_names = '*', PostgreSQL takes the WAL that pg_basebackup receives for a standby in sync. But
-- the copy is not complete: it cannot be promoted.
-- An LSN is a number here: bytes of WAL since the beginning.
select (pg_current_wal_flush_lsn() - '0/0')::bigint as primary_flushed,
       current_setting('synchronous_standby_names') as synchronous_standby_names,
       s.pid is not null as is_standby,
       s.application_name,
       host(s.client_addr) as address,
       s.state,
       s.sync_state,
       (s.flush_lsn - '0/0')::bigint as flushed,
       (extract(epoch from s.flush_lag) * 1000)::bigint as flush_lag_ms
  from (values (1)) as one(row)
  left join pg_stat_replication s on s.application_name is distinct from 'pg_basebackup'
 order by s.application_name, s.pid
