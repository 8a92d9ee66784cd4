select group_id, epoch from millrace.consumer_group where group_id = any (:group_ids)
