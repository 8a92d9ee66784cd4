package io.millrace.topic;

import io.millrace.eventlog.PartitionBounds;
import java.util.List;

/**
 * A topic with where each of its partitions starts and ends.
 *
 * @param bounds of partition 0, 1, 2, …
 */
public record TopicDescription(Topic topic, List<PartitionBounds> bounds) {}
