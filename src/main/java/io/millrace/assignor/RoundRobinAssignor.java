package io.millrace.assignor;

import io.millrace.event.TopicPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Kafka's round robin assignor: deals all partitions, in order of topic and number, to the members in order of id. A
 * member that does not subscribe to the topic is skipped and loses its turn, so the loads are even only if all members
 * subscribe to the same topics. Without state, so safe for any thread.
 */
final class RoundRobinAssignor implements Assignor {

    @Override
    public Map<TopicPartition, String> assign(
            SortedMap<String, Set<String>> subscriptions,
            SortedMap<String, Integer> partitionCounts,
            Map<TopicPartition, String> owners) {
        List<Map.Entry<String, Set<String>>> members = List.copyOf(subscriptions.entrySet());
        Set<String> subscribed =
                subscriptions.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Map<TopicPartition, String> assignment = new HashMap<>();
        int next = 0;
        for (Map.Entry<String, Integer> topic : partitionCounts.entrySet()) {
            // without a subscriber, the search for the next one would not end
            int count = subscribed.contains(topic.getKey()) ? topic.getValue() : 0;
            for (int partition = 0; partition < count; partition++) {
                while (!members.get(next).getValue().contains(topic.getKey())) {
                    next = (next + 1) % members.size();
                }
                assignment.put(
                        new TopicPartition(topic.getKey(), partition),
                        members.get(next).getKey());
                next = (next + 1) % members.size();
            }
        }
        return assignment;
    }
}
