-- Into a segment that is being filled; SegmentStore fills in its table.
insert into millrace.record_batch_1
       (segment, partition_id, record_count, last_offset, appended_at, max_timestamp, high_timestamp, byte_size, offset_deltas,
        timestamps, keys, record_values, headers, formats, compacted_at)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
