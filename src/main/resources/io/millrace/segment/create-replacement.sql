select millrace.create_replacement(:segments)
