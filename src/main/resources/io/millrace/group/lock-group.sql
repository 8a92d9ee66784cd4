select group_id, assignor, epoch, catalogue_version from millrace.consumer_group where name = :name for update
