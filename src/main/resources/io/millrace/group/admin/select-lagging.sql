-- Where the groups with members stand.
select g.name, c.topic, c.partition_id, c.next_offset
  from millrace.consumer_group g
  join millrace.committed_offset c on c.group_id = g.group_id
 where exists (select from millrace.group_member m where m.group_id = g.group_id)
 order by g.name, c.topic
