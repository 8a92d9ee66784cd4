package io.millrace.assignor;

import io.millrace.event.TopicPartition;

/**
 * A partition that is to have a member.
 *
 * @param audience who may have it
 */
record Assignable(TopicPartition partition, Audience audience) {}
