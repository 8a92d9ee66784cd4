package io.millrace.stream.websocket.frame;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the partitions that a client means among those that its subscription follows. */
public final class PartitionNames {

    private PartitionNames() {}

    /**
     * The partitions that are meant, in the order of their names.
     *
     * @throws HubException {@link HubError#UNKNOWN_PARTITION} if the subscription does not follow one of them,
     *     {@link HubError#INVALID_REQUEST} if one is meant twice, once with its topic and once without
     */
    public static List<TopicPartition> resolve(Set<TopicPartition> followed, List<ClientFrame.PartitionName> names) {
        List<TopicPartition> resolved = new ArrayList<>();
        Set<TopicPartition> meant = new HashSet<>();
        for (ClientFrame.PartitionName name : names) {
            TopicPartition partition = resolve(followed, name);
            if (!meant.add(partition)) {
                String detail = "the partition is there already";
                throw new HubException(
                        HubError.INVALID_REQUEST, Place.field("partitions", resolved.size()), "duplicate", detail);
            }
            resolved.add(partition);
        }
        return resolved;
    }

    /** A subscription to one topic need not have it named. */
    private static TopicPartition resolve(Set<TopicPartition> followed, ClientFrame.PartitionName name) {
        List<String> topics =
                followed.stream().map(TopicPartition::topic).distinct().toList();
        String topic = name.topic();
        if (topic == null && topics.size() > 1) {
            throw new HubException(HubError.INVALID_REQUEST, "the subscription has several topics: name the one meant");
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
