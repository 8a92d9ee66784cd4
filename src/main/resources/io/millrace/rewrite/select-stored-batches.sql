select last_offset, record_count, byte_size, offset_deltas, timestamps, keys, record_values, headers, formats, appended_at,
       high_timestamp, compacted_at
  from (select b.*,
               coalesce(sum(b.byte_size) over (order by b.last_offset
                        rows between unbounded preceding and 1 preceding), 0) as bytes_before
          from millrace.record_batch b
         where segment = ? and partition_id = ? and last_offset >= ?
         order by last_offset
         limit ?) page
 where bytes_before < ?
 order by last_offset
