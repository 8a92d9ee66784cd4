select millrace.replace_segments(:segment, :segments, :partition_ids::int[], :compacted)
