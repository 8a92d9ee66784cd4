-- Those that can still grow, and those in which something has died, but not all, of a partition.
select g.segment
  from millrace.segment g
 where g.state = 'open'
    or (g.state = 'sealed'
        and exists (select
                      from millrace.segment_start s
                      join millrace.partition_head h on h.partition_id = s.partition_id
                     where s.segment = g.segment and s.batch_count > 0
                       and h.start_offset > s.counted_from and h.start_offset > s.first_offset
                       and h.start_offset < s.counted_to))
 order by g.segment
