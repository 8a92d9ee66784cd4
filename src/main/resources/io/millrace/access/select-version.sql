select version from millrace.access_version
