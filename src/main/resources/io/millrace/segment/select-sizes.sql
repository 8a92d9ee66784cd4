-- What partitions hold in all segments together, as far as it has been counted.
select s.partition_id, sum(s.byte_size)::bigint as byte_size, count(*) filter (where s.byte_size > 0) as segments
  from millrace.segment_start s
 where s.partition_id = any (:ids)
 group by s.partition_id
