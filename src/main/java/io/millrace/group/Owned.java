package io.millrace.group;

import io.millrace.event.TopicPartition;

/**
 * A partition that a member owns.
 *
 * @param partitionId in the log
 * @param epoch when it became the member's: deliveries carry it and commits are fenced by it
 * @param nextOffset where the group reads on
 * @param revoking whether the member was asked to give it up
 */
public record Owned(TopicPartition name, int partitionId, long epoch, long nextOffset, boolean revoking) {}
