select version from millrace.log_layout
