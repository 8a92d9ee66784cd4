update millrace.topic_catalogue
   set version = version + 1
