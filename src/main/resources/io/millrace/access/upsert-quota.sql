insert into millrace.quota as quota (principal, requests_per_second, connections_per_second,
                                     produced_bytes_per_second, consumed_bytes_per_second, updated_by)
values (:principal, :requests_per_second, :connections_per_second, :produced_bytes_per_second,
        :consumed_bytes_per_second, :updated_by)
on conflict (principal) do update
   set requests_per_second = excluded.requests_per_second,
       connections_per_second = excluded.connections_per_second,
       produced_bytes_per_second = excluded.produced_bytes_per_second,
       consumed_bytes_per_second = excluded.consumed_bytes_per_second,
       updated_by = excluded.updated_by,
       updated_at = millrace.now()
returning xmax = 0
