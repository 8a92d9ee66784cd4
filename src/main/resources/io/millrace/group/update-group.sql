update millrace.consumer_group
   set assignor = :assignor, epoch = :epoch, catalogue_version = :catalogue_version
 where group_id = :group_id
