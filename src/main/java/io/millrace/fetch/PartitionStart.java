package io.millrace.fetch;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.topic.Topic;

/**
 * A partition to follow, and where to begin.
 *
 * @param expired where to go on when the next record to read has expired: at the beginning, or after the partition's
 *     start has overtaken the reader
 */
public record PartitionStart(Topic topic, int partition, StartPosition from, StartPosition expired) {

    /** What is kept of the partition is read from its start, if the next record has expired. */
    private static final StartPosition START = new StartPosition.Earliest();

    public PartitionStart(Topic topic, int partition, StartPosition from) {
        this(topic, partition, from, START);
    }

    TopicPartition name() {
        return new TopicPartition(topic.name(), partition);
    }

    int partitionId() {
        return topic.partitionId(partition);
    }
}
