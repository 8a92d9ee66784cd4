delete from millrace.committed_offset where group_id = :group_id and partition_id = any (:partition_ids)
