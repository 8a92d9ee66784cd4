select millrace.compress_segment(?, ?)
