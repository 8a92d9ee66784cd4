-- What each segment takes on disk and holds, live and dead. The size includes the index and TOAST.
select s.segment, s.state, s.written_bytes, coalesce(live.bytes, 0) as live_bytes,
       coalesce(pg_total_relation_size(to_regclass('millrace.' || millrace.segment_table(s.segment))), 0) as disk_bytes,
       s.segment < coalesce((select min(h.segment) from millrace.partition_head h),
                            (select max(n.segment) from millrace.segment n)) as complete
  from millrace.segment s
  left join (select c.segment, sum(c.byte_size) as bytes
               from millrace.segment_start c
               join millrace.partition_head h on h.partition_id = c.partition_id
              group by c.segment) live on live.segment = s.segment
 order by coalesce(s.last_replaced, s.segment), s.segment
