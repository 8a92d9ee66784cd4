select p.partition_id,
       case when t.cleanup_policy <> 'compact' then t.retention_ms else -1 end as retention_ms,
       case when t.cleanup_policy <> 'compact' then t.retention_bytes else -1 end as retention_bytes,
       t.cleanup_policy <> 'delete' as compacts, t.delete_retention_ms, t.min_compaction_lag_ms
  from millrace.topic_partition p
  join millrace.topic t on t.id = p.topic_id
 where p.partition_id > :after
   and (t.cleanup_policy <> 'delete' or t.retention_ms >= 0 or t.retention_bytes >= 0)
 order by p.partition_id
 limit :most
