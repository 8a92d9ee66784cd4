select millrace.index_replacement(:segment)
