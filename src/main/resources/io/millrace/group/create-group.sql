insert into millrace.consumer_group (name) values (:name) on conflict (name) do nothing
