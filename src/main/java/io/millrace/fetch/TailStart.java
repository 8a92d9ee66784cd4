package io.millrace.fetch;

import io.millrace.event.TopicPartition;

/** Where a subscription begins to follow a partition, whose tail already has the subscription's signal. */
record TailStart(TopicPartition name, PartitionTail tail, long position) {}
