-- PostgreSQL may have been built without lz4.
select count(*) from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)
