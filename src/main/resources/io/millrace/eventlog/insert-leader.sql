insert into millrace.leader (leader_epoch, system_identifier, timeline)
values (?, ?, ?)
