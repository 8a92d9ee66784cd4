-- One segment, or the newest and those after it, which LogReader fills in: with constants, PostgreSQL leaves out the others
-- when it plans, and not when it begins to execute, when tables may just be coming and going. Nothing if one may have been replaced since the node looked up where
-- the partition's batches are. The window sums the bytes before each batch: the first batch is always read, further ones up
-- to the limit.
select last_offset, record_count, byte_size, offset_deltas, timestamps, keys, record_values, headers, formats
  from (select b.*,
               coalesce(sum(b.byte_size) over (order by b.last_offset
                        rows between unbounded preceding and 1 preceding), 0) as bytes_before
          from (select last_offset, record_count, byte_size, offset_deltas, timestamps, keys, record_values, headers,
                       formats
                  from millrace.record_batch
                 where partition_id = :partition_id
                   and last_offset >= :first_offset
                   and segment >= /*segment*/0
                   and segment <= /*last*/2147483647
                   and (select version from millrace.log_layout) = :layout
                 order by last_offset
                 limit :max_batches) b) page
 where bytes_before < :max_bytes
 order by last_offset
