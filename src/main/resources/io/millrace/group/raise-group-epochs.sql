-- The epochs that the lost changes had are not given again: their members may still hold them. In ascending order, as all
-- changes of several groups lock them.
with every as materialized (
    select group_id from millrace.consumer_group order by group_id for update
)
update millrace.consumer_group g
   set epoch = g.epoch + 1000
  from every
 where g.group_id = every.group_id
