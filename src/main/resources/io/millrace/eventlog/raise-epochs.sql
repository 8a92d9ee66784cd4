-- The heads are locked in ascending order, as appends do. No append of this leader has been made before this.
with head as materialized (
    select partition_id, segment_offset from millrace.partition_head order by partition_id for update
), raised as (
    update millrace.partition_head h
       set leader_epoch = ?
      from head
     where h.partition_id = head.partition_id
)
insert into millrace.partition_epoch (partition_id, leader_epoch, first_offset)
select head.partition_id, ?, greatest(l.last_offset + 1, head.segment_offset)
  from head
  left join lateral millrace.last_batch(head.partition_id, ?) l on true
