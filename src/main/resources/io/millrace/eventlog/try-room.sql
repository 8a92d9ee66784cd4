-- A table of 64 kB that is dropped at once. Its pages and the commit need room on the disk and in the WAL, as a batch does.
create temporary table try_room on commit drop as
select string_agg(md5(random()::text), '') as noise from generate_series(1, 2048)
