select millrace.attach_replacement(:segment)
