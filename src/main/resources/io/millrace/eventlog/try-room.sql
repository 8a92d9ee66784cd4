-- A table of 64 kB that goes at once: the same disk, and the log of changes, have to take it as they would a batch.
create temporary table try_room on commit drop as
select string_agg(md5(random()::text), '') as noise from generate_series(1, 2048)
