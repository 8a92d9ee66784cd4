package io.millrace.fetch;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.topic.Topic;

/** A partition to follow, and where to begin. */
public record PartitionStart(Topic topic, int partition, StartPosition from) {

    TopicPartition name() {
        return new TopicPartition(topic.name(), partition);
    }

    int partitionId() {
        return topic.partitionId(partition);
    }
}
