package io.millrace.stream.websocket.frame;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Resolves a client's names of partitions among those that its subscription follows. */
public final class PartitionNames {

    private PartitionNames() {}

    /**
     * The named partitions, in the order of the names.
     *
     * @throws HubException {@link HubError#UNKNOWN_PARTITION} if the subscription does not follow one of them,
     *     {@link HubError#INVALID_REQUEST} if one is named twice, once with its topic and once without, or if the topic
     *     is missing although the subscription has several
     */
    public static List<TopicPartition> resolve(Set<TopicPartition> followed, List<ClientFrame.PartitionName> names) {
        List<TopicPartition> resolved = new ArrayList<>();
        Set<TopicPartition> seen = new HashSet<>();
        for (ClientFrame.PartitionName name : names) {
            TopicPartition partition = resolve(followed, name);
            if (!seen.add(partition)) {
                String detail = "the partition is named twice";
                throw new HubException(
                        HubError.INVALID_REQUEST, Place.field("partitions", resolved.size()), "duplicate", detail);
            }
            resolved.add(partition);
        }
        return resolved;
    }

    /** If the subscription has one topic, the name may leave it out. */
    private static TopicPartition resolve(Set<TopicPartition> followed, ClientFrame.PartitionName name) {
        List<String> topics =
                followed.stream().map(TopicPartition::topic).distinct().toList();
        String topic = name.topic();
        if (topic == null && topics.size() > 1) {
            throw new HubException(
                    HubError.INVALID_REQUEST, "the subscription has several topics: name the partition's topic");
        }
        if (topic == null && !topics.isEmpty()) {
            topic = topics.getFirst();
        }
        TopicPartition partition = new TopicPartition(String.valueOf(topic), name.partition());
        if (!followed.contains(partition)) {
            throw new HubException(
                    HubError.UNKNOWN_PARTITION,
                    "the subscription does not follow partition " + name.partition() + " of that topic");
        }
        return partition;
    }
}
