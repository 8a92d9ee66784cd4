select leader_epoch, system_identifier, timeline, since
  from millrace.leader
 order by leader_epoch desc
 limit 1
