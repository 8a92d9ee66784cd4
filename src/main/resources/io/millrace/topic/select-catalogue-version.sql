select version
  from millrace.topic_catalogue
