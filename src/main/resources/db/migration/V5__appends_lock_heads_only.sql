-- An append locks its partition's head and changes nothing in it: where a partition ends, its last batch says. So no
-- versions of a head are left behind, which a transaction left open anywhere would keep, and every append step over:
-- docs/decisions/0012-appends-lock-heads-only.md
alter table millrace.partition_head drop constraint partition_head_check;
alter table millrace.partition_head add constraint partition_head_check check (start_offset >= 0);

-- The partition's next offset and largest timestamp when it was moved to its segment, and so its end until it has a
-- batch there. What the two columns held up to now is that, as of now.
alter table millrace.partition_head rename column next_offset to segment_offset;
alter table millrace.partition_head rename column max_timestamp to segment_timestamp;

alter table millrace.partition_head reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);

-- The last batch of a partition, if it has one in this segment or a later one. With a constant for the segment it becomes
-- part of the query that calls it, and PostgreSQL looks at no other segment.
create function millrace.last_batch(in_partition_id int, first_segment int)
returns table (last_offset bigint, high_timestamp bigint)
language sql stable as $$
    select b.last_offset, b.high_timestamp
      from millrace.record_batch b
     where b.partition_id = in_partition_id and b.segment >= first_segment
     order by b.last_offset desc
     limit 1
$$;

-- Where each partition starts and ends. A partition's last batch is nowhere before the oldest segment that a head names.
create view millrace.partition_bounds as
select t.name as topic,
       p.partition,
       h.start_offset,
       greatest(l.last_offset + 1, h.segment_offset) as next_offset,
       h.partition_id
  from millrace.topic t
  join millrace.topic_partition p on p.topic_id = t.id
  join millrace.partition_head h on h.partition_id = p.partition_id
  left join lateral millrace.last_batch(h.partition_id, (select min(segment) from millrace.partition_head)) l on true;

comment on view millrace.partition_bounds is
    'One row a partition: the first offset that may be read, and the offset that its next record gets.';

-- Creates empty partitions. Until the transaction ends no segment begins, so they are in the newest one when others see
-- them, and the oldest segment that a head names never goes back.
create function millrace.create_partitions(in_count int) returns setof int
language plpgsql as $$
begin
    lock table millrace.segment in share mode;
    return query
      with head as (
          insert into millrace.partition_head (partition_id, segment)
          select nextval('millrace.partition_id'), (select max(segment) from millrace.segment)
            from generate_series(1, in_count)
          returning partition_id, segment
      ), start as (
          insert into millrace.segment_start (partition_id, segment, first_offset)
          select head.partition_id, head.segment, 0 from head
      )
      select head.partition_id from head order by head.partition_id;
end $$;
