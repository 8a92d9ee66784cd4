package io.millrace.topic;

import io.millrace.eventlog.PartitionBounds;
import java.util.List;

/**
 * A topic with the bounds of its partitions.
 *
 * @param bounds the bounds of partitions 0, 1, 2, …
 */
public record TopicDescription(Topic topic, List<PartitionBounds> bounds) {}
