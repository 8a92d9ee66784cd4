update millrace.topic_catalogue
   set version = version + 1
returning version
