package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.fetch.SubscribedPartition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the partitions that a client means among those that its subscription follows. */
final class PartitionNames {

    private PartitionNames() {}

    /** @throws HubException {@link HubError#UNKNOWN_PARTITION} if the subscription does not follow one of them */
    static Set<SubscribedPartition> resolve(Set<SubscribedPartition> followed, List<ClientFrame.PartitionName> names) {
        Set<SubscribedPartition> resolved = new HashSet<>();
        names.forEach(name -> resolved.add(resolve(followed, name)));
        return resolved;
    }

    /** A subscription to one topic need not have it named. */
    static SubscribedPartition resolve(Set<SubscribedPartition> followed, ClientFrame.PartitionName name) {
        List<String> topics =
                followed.stream().map(SubscribedPartition::topic).distinct().toList();
        String topic = name.topic();
        if (topic == null && topics.size() > 1) {
            throw new HubException(HubError.INVALID_REQUEST, "the subscription has several topics: name the one meant");
        }
        if (topic == null && !topics.isEmpty()) {
            topic = topics.getFirst();
        }
        SubscribedPartition partition = new SubscribedPartition(String.valueOf(topic), name.partition());
        if (!followed.contains(partition)) {
            throw new HubException(
                    HubError.UNKNOWN_PARTITION,
                    "the subscription does not follow partition " + name.partition() + " of that topic");
        }
        return partition;
    }
}
