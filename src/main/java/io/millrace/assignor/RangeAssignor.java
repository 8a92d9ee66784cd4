package io.millrace.assignor;

import io.millrace.event.TopicPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Kafka's range assignor: cuts each topic into one contiguous range for each subscribed member, in order of member id;
 * the first members have one more if the partitions do not divide evenly. Topics with equally many partitions and the
 * same subscribers are cut alike, so a member has the same numbers of each and can join them. The price is that the
 * same first members have one more of each topic that does not divide evenly. Without state, so safe for any thread.
 */
final class RangeAssignor implements Assignor {

    @Override
    public Map<TopicPartition, String> assign(
            SortedMap<String, Set<String>> subscriptions,
            SortedMap<String, Integer> partitionCounts,
            Map<TopicPartition, String> owners) {
        Map<TopicPartition, String> assignment = new HashMap<>();
        partitionCounts.forEach((topic, count) -> {
            List<String> subscribers = subscriptions.entrySet().stream()
                    .filter(member -> member.getValue().contains(topic))
                    .map(Map.Entry::getKey)
                    .toList();
            int next = 0;
            for (int i = 0; i < subscribers.size(); i++) {
                int end = next + count / subscribers.size() + (i < count % subscribers.size() ? 1 : 0);
                while (next < end) {
                    assignment.put(new TopicPartition(topic, next++), subscribers.get(i));
                }
            }
        });
        return assignment;
    }
}
