-- A sign of life; returns the epoch that the member had been told before. Only members without a connection live by it.
with alive as (
    select m.group_id, m.member_id, m.told_epoch
      from millrace.consumer_group g
      join millrace.group_member m on m.group_id = g.group_id
     where g.name = :name and m.member_id = :member_id
       and (m.node_id is not null or m.expires_at > millrace.now())
       for update of m
)
update millrace.group_member m
   set expires_at = case when m.node_id is null
                         then millrace.now()
                              + (m.session_timeout_ms + :extra_ms) * interval '1 millisecond' end,
       told_epoch = m.epoch
  from alive a
 where m.group_id = a.group_id and m.member_id = a.member_id
returning m.group_id, m.epoch, a.told_epoch, m.session_timeout_ms, m.node_id is not null as connected
