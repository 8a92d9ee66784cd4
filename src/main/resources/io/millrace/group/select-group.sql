select group_id, assignor, epoch, created_at from millrace.consumer_group where name = :name
