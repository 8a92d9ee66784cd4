-- With the version of the layout in which they are so.
select l.version, s.segment, s.first_offset
  from millrace.log_layout l
  left join millrace.segment_start s on s.partition_id = :partition_id
 order by s.first_offset, s.segment
