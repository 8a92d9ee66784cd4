-- Many members' commits at once, in the order in which all locks of these rows are taken. What does not match is fenced
-- and missing in the answer. A commit never moves back: of two that overtake each other the later position stays.
-- As with the group's own row, a node that stands still keeps the locks for its lease, not for minutes.
with wanted as materialized (
    select w.ordinal, w.next_offset, w.metadata, c.group_id, c.partition_id
      from unnest(:group_ids::int[], :partition_ids::int[], :owners::text[], :epochs::bigint[],
                  :next_offsets::bigint[], :metadata::text[])
           with ordinality as w (group_id, partition_id, owner, epoch, next_offset, metadata, ordinal)
      join millrace.committed_offset c on c.group_id = w.group_id and c.partition_id = w.partition_id
     where c.owner = w.owner and (w.epoch is null or c.owner_epoch = w.epoch)
     order by c.group_id, c.partition_id
       for update of c
), committed as (
    update millrace.committed_offset c
       set next_offset = w.next_offset, metadata = w.metadata, committed_at = clock_timestamp()
      from (select distinct on (group_id, partition_id) group_id, partition_id, next_offset, metadata
              from wanted
             order by group_id, partition_id, next_offset desc, ordinal desc) w
     where c.group_id = w.group_id and c.partition_id = w.partition_id and c.next_offset <= w.next_offset
)
select ordinal, set_config('idle_in_transaction_session_timeout', :lease_ms::text, true) from wanted
