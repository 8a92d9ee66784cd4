-- The oldest, as many as can be searched for at once.
select erasure_id, key, partition_ids, before_offsets
  from (select e.*, sum(cardinality(e.partition_ids)) over (order by e.erasure_id) as total,
               row_number() over (order by e.erasure_id) as number
          from millrace.erasure e
         where e.erased_at is null and e.segments is null
         order by e.erasure_id
         limit 1000) oldest
 where total <= 1000000 or number = 1
 order by erasure_id
