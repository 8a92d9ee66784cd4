package io.millrace.topic;

import java.util.List;

/**
 * A topic with what is in its partitions.
 *
 * @param partitions 0, 1, 2, …
 */
public record TopicDescription(Topic topic, List<PartitionDescription> partitions) {}
