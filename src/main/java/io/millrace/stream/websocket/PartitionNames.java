package io.millrace.stream.websocket;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the partitions that a client means among those that its subscription follows. */
final class PartitionNames {

    private PartitionNames() {}

    /** @throws HubException {@link HubError#UNKNOWN_PARTITION} if the subscription does not follow one of them */
    static Set<TopicPartition> resolve(Set<TopicPartition> followed, List<ClientFrame.PartitionName> names) {
        Set<TopicPartition> resolved = new HashSet<>();
        names.forEach(name -> resolved.add(resolve(followed, name)));
        return resolved;
    }

    /** A subscription to one topic need not have it named. */
    static TopicPartition resolve(Set<TopicPartition> followed, ClientFrame.PartitionName name) {
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
