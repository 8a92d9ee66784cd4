package io.millrace.fetch;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;

/**
 * Where a subscription begins to follow a partition, whose tail already has the subscription's signal.
 *
 * @param expired as in {@link PartitionStart}
 */
record TailStart(TopicPartition name, PartitionTail tail, long position, StartPosition expired) {}
