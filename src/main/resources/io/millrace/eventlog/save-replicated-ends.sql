-- In ascending order, so that two nodes cannot deadlock. A partition that has been deleted meanwhile is left out.
insert into millrace.replicated_end (partition_id, next_offset)
select r.partition_id, r.next_offset
  from unnest(:partition_ids::int[], :next_offsets::bigint[]) as r(partition_id, next_offset)
  join millrace.partition_head h on h.partition_id = r.partition_id
 order by r.partition_id
    on conflict (partition_id) do update set next_offset = excluded.next_offset
 where replicated_end.next_offset < excluded.next_offset
