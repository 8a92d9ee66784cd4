-- No partition can end before it. It never goes back: partitions are created in the newest segment.
select coalesce(min(segment), 0) from millrace.partition_head
