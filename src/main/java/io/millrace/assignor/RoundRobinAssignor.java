package io.millrace.assignor;

import io.millrace.event.TopicPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Kafka's round robin assignor: deals all partitions, in order of topic and number, to the members in order of id. Who
 * does not subscribe to the topic is skipped and loses the turn, so the loads are even only if all members subscribe to
 * the same topics. Without state, so safe for any thread.
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
        int turn = 0;
        for (Map.Entry<String, Integer> topic : partitionCounts.entrySet()) {
            // a topic that nobody has would be passed round for ever
            int count = subscribed.contains(topic.getKey()) ? topic.getValue() : 0;
            for (int partition = 0; partition < count; partition++) {
                while (!members.get(turn).getValue().contains(topic.getKey())) {
                    turn = (turn + 1) % members.size();
                }
                assignment.put(
                        new TopicPartition(topic.getKey(), partition),
                        members.get(turn).getKey());
                turn = (turn + 1) % members.size();
            }
        }
        return assignment;
    }
}
