select millrace.create_replacement(:segments, :last_segment)
