select millrace.create_partitions(:count)
