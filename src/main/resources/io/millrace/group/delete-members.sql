delete from millrace.group_member where group_id = :group_id and member_id = any (:member_ids)
