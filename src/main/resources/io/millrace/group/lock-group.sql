-- A node that stands still while it has the lock delays the others no longer than its members do: for its lease.
select group_id, assignor, epoch, catalogue_version,
       set_config('idle_in_transaction_session_timeout', :lease_ms::text, true) as until_the_end_of_the_transaction
  from millrace.consumer_group
 where name = :name
   for update
