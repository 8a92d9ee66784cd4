-- Whether the table exists, and whether it is part of the log's table, still or half.
select millrace.segment_table(:segment), c.oid is not null as present, i.inhrelid is not null as attached,
       coalesce(pg_total_relation_size(c.oid), 0) as disk_bytes
  from (select to_regclass('millrace.' || millrace.segment_table(:segment)) as oid) c
  left join pg_inherits i on i.inhrelid = c.oid
