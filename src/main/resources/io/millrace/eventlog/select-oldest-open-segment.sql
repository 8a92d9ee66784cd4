-- No partition ends before this segment. It only rises: partitions are created in the newest segment.
select coalesce(min(segment), 0) from millrace.partition_head
