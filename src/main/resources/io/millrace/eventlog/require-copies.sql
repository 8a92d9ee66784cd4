update millrace.partition_head
   set min_insync_replicas = :copies
 where partition_id = any (:ids)
