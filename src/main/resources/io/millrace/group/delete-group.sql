delete from millrace.consumer_group where group_id = :group_id
