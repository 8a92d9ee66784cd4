select count(*)
  from pg_stat_activity
 where application_name = 'millrace listener'
   and datname = current_database()
   and pid <> pg_backend_pid()
