-- How many of the segments that held the key there are still.
select e.erasure_id, e.requested_at, e.erased_at,
       case when e.segments is not null
            then (select count(*)::int from millrace.segment s where s.segment = any (e.segments)) end as segments
  from millrace.erasure e
 where e.topic_id = :topic_id and e.erasure_id = :erasure_id
