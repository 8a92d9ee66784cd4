-- Many requests at once, each stored whole or not at all, with a verdict for every position. Rows are locked in the
-- order in which update-owners.sql locks them; the owner is compared under the lock, so a fenced member cannot commit.
-- A commit never moves an offset back: of two that overtake each other the later position stays. As with the group's
-- own row, a node that stands still keeps the locks for its lease, not for minutes.
-- "offset 0" has a member looked up by its whole key: otherwise PostgreSQL 18 may go through all members of the group.
with wanted as materialized (
    select w.*, g.group_id, m.epoch as member_epoch
      from unnest(:requests::int[], :groups::text[], :members::text[], :member_epochs::bigint[], :partition_ids::int[],
                  :epochs::bigint[], :next_offsets::bigint[], :ends::bigint[], :metadata::text[])
           with ordinality as w (request, group_name, member_id, known_epoch, partition_id, epoch, next_offset, end_offset,
                                 metadata, ordinal)
      left join millrace.consumer_group g on g.name = w.group_name
      left join lateral (select epoch
                           from millrace.group_member
                          where group_id = g.group_id and member_id = w.member_id
                         offset 0) m on true
), owned as materialized (
    select w.ordinal, c.owner_epoch
      from wanted w
      join millrace.committed_offset c on c.group_id = w.group_id and c.partition_id = w.partition_id
     where c.owner = w.member_id
     order by c.group_id, c.partition_id
       for update of c
), judged as materialized (
    select w.*,
           case when w.group_id is null then 'unknown_group'
                when w.member_epoch is null then 'member_fenced'
                when w.known_epoch <> w.member_epoch then 'stale_member'
                when o.ordinal is null then 'not_owned'
                when w.epoch < o.owner_epoch or w.epoch > w.member_epoch then 'not_owned'
                when w.next_offset > w.end_offset then 'beyond_end'
                else 'stored' end as verdict
      from wanted w
      left join owned o on o.ordinal = w.ordinal
), committed as (
    update millrace.committed_offset c
       set next_offset = w.next_offset, metadata = w.metadata, committed_at = millrace.now()
      from (select distinct on (group_id, partition_id) group_id, partition_id, next_offset, metadata
              from judged
             where request not in (select request from judged where verdict <> 'stored')
             order by group_id, partition_id, next_offset desc, ordinal desc) w
     where c.group_id = w.group_id and c.partition_id = w.partition_id and c.next_offset <= w.next_offset
)
select verdict, member_epoch, end_offset, set_config('idle_in_transaction_session_timeout', :lease_ms::text, true)
  from judged
 order by ordinal
