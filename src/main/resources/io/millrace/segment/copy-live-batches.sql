select batches, last_offset
  from millrace.copy_live_batches(:from_segment, :to_segment, :ids, :offset, :max_batches)
