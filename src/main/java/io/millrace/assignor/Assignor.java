package io.millrace.assignor;

import io.millrace.event.TopicPartition;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Decides which member of a group is to have which partition. A pure function: equal arguments give equal results, on
 * every node.
 */
public interface Assignor {

    /**
     * Assigns every partition of topics that have a subscriber.
     *
     * @param subscriptions the topics of each member, by member id; topics that do not exist are not among them
     * @param partitionCounts how many partitions each topic has
     * @param owners which member has which partition now; may name partitions and members that are gone, and members
     *     that no longer subscribe
     * @return each partition's member, which subscribes to its topic; partitions of topics without subscribers are left
     *     out
     */
    Map<TopicPartition, String> assign(
            SortedMap<String, Set<String>> subscriptions,
            SortedMap<String, Integer> partitionCounts,
            Map<TopicPartition, String> owners);
}
