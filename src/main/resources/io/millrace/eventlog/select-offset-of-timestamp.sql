select millrace.offset_of_timestamp(:partition_id, :timestamp, :start_offset, :next_offset)
