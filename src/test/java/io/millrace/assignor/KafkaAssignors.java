package io.millrace.assignor;

import io.millrace.event.TopicPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.AbstractPartitionAssignor;

/** Asks the assignors of Kafka's client. Members name no rack, so partitions are not placed by racks there either. */
final class KafkaAssignors {

    private KafkaAssignors() {}

    /** Nothing without members: Kafka asks no assignor then, and one of them would fail. */
    static Map<TopicPartition, String> assign(AbstractPartitionAssignor assignor, Group group) {
        if (group.subscriptions().isEmpty()) {
            return Map.of();
        }
        Map<String, Subscription> subscriptions = new HashMap<>();
        group.subscriptions()
                .forEach((member, topics) -> subscriptions.put(member, new Subscription(List.copyOf(topics))));
        Map<TopicPartition, String> assignment = new HashMap<>();
        assignor.assign(new HashMap<>(group.partitionCounts()), subscriptions)
                .forEach((member, partitions) -> partitions.forEach(partition ->
                        assignment.put(new TopicPartition(partition.topic(), partition.partition()), member)));
        return assignment;
    }
}
