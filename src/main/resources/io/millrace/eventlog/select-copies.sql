select partition_id, min_insync_replicas
  from millrace.partition_head
 where partition_id = any (:ids) and min_insync_replicas > 1
