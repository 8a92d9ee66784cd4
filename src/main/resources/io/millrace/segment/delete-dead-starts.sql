-- All that these partitions have in these segments is dead, or they are gone. A sealed segment does not grow, so it has been
-- counted to its end.
with dead as materialized (
    select s.partition_id, s.segment
      from millrace.segment_start s
      join millrace.segment g on g.segment = s.segment
      left join millrace.partition_head h on h.partition_id = s.partition_id
     where g.state = 'sealed'
       and (s.batch_count = 0 or h.partition_id is null or s.counted_to <= h.start_offset)
     order by s.partition_id, s.segment
       for update of s
)
delete from millrace.segment_start s
 using dead d
 where s.partition_id = d.partition_id and s.segment = d.segment
