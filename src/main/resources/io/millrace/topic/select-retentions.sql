select p.partition_id, t.retention_ms, t.retention_bytes
  from millrace.topic_partition p
  join millrace.topic t on t.id = p.topic_id
 where p.partition_id > :after
   and t.cleanup_policy <> 'compact'
   and (t.retention_ms >= 0 or t.retention_bytes >= 0)
 order by p.partition_id
 limit :most
