-- The last offset that was copied; null if nothing was.
select millrace.copy_live_batches(:from_segment, :to_segment, :ids, :offset, :max_batches)
