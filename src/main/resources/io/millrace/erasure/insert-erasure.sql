insert into millrace.erasure (topic_id, key, partition_ids, before_offsets)
values (:topic_id, :key, :partition_ids, :before_offsets)
returning erasure_id, requested_at, erased_at, null::int as segments
