update millrace.group_member
   set epoch = :epoch
 where group_id = :group_id and member_id = any (:member_ids)
