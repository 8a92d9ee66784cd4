select partition_id
  from millrace.partition_head
 where partition_id = any (:ids)
 order by partition_id
   for update
