package io.millrace.group.admin;

import io.millrace.event.TopicPartition;

/** How a partition was moved, or would be. */
public record ResetOffset(TopicPartition name, long before, long after) {}
