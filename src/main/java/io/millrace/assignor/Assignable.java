package io.millrace.assignor;

import io.millrace.event.TopicPartition;

/**
 * A partition that is to be assigned.
 *
 * @param subscribers the members that may have it
 */
record Assignable(TopicPartition partition, Subscribers subscribers) {}
