select millrace.replace_segments(:segment, :segments)
