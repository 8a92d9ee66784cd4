-- What is to be erased from a segment or, with null, has to be searched for: the oldest, as much as can be done at once.
select erasure_id, key, partition_ids, before_offsets
  from (select e.*, sum(cardinality(e.partition_ids)) over (order by e.erasure_id) as total,
               row_number() over (order by e.erasure_id) as number
          from millrace.erasure e
         where e.erased_at is null
           and case when cast(:segment as int) is null then e.segments is null
                    else cast(:segment as int) = any (e.segments) end
         order by e.erasure_id
         limit 1000) oldest
 where total <= 1000000 or number = 1
 order by erasure_id
