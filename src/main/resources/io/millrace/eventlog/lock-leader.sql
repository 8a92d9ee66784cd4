-- One node at a time, until the end of the transaction: whoever waits finds the epoch raised.
select pg_advisory_xact_lock(7824891274)
