insert into millrace.group_member
       (group_id, member_id, instance_id, protocol, node_id, expires_at, session_timeout_ms, topics, joined_from,
        epoch)
values (:group_id, :member_id, :instance_id, :protocol, :node_id,
        case when :node_id::text is null then millrace.now() + :session_timeout_ms * interval '1 millisecond' end,
        :session_timeout_ms, :topics::text[], :joined_from, :epoch)
