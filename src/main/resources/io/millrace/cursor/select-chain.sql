-- A base and the bases that its positions are differences from, the one in full first.
with recursive chain as (
    select cursor_id, parent_id, positions, 0 as distance
      from millrace.cursor_base
     where cursor_id = :cursor_id
    union all
    select b.cursor_id, b.parent_id, b.positions, c.distance + 1
      from chain c
      join millrace.cursor_base b on b.cursor_id = c.parent_id
)
select cursor_id, parent_id, positions from chain order by distance desc
