select member_id, epoch
  from millrace.group_member
 where group_id = any (:group_ids) and member_id = any (:member_ids)
