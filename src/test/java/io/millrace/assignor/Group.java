package io.millrace.assignor;

import io.millrace.event.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The arguments of an assignor. Nothing in it can be changed. */
record Group(
        SortedMap<String, Set<String>> subscriptions,
        SortedMap<String, Integer> partitionCounts,
        Map<TopicPartition, String> owners) {

    Group {
        subscriptions = Collections.unmodifiableSortedMap(new TreeMap<>(subscriptions));
        partitionCounts = Collections.unmodifiableSortedMap(new TreeMap<>(partitionCounts));
        owners = Collections.unmodifiableMap(new HashMap<>(owners));
    }

    /** Members {@code m0000}, {@code m0001}, … that all subscribe to all topics and own nothing yet. */
    static Group equal(int members, SortedMap<String, Integer> partitionCounts) {
        SortedMap<String, Set<String>> subscriptions = new TreeMap<>();
        IntStream.range(0, members).forEach(i -> subscriptions.put("m%04d".formatted(i), partitionCounts.keySet()));
        return new Group(subscriptions, partitionCounts, Map.of());
    }

    /** A small group after some time: owners may be gone, or no longer subscribe, or have far too much. */
    static Group random(RandomGenerator random, int maxMembers, int maxPartitions) {
        SortedMap<String, Integer> counts = counts(random, maxPartitions);
        SortedMap<String, Set<String>> subscriptions = new TreeMap<>();
        for (int i = random.nextInt(maxMembers + 1); i > 0; i--) {
            Set<String> topics = new HashSet<>(counts.keySet());
            topics.removeIf(_ -> random.nextInt(3) == 0);
            subscriptions.put("m" + random.nextInt(100), topics);
        }
        return new Group(subscriptions, counts, owners(random, subscriptions, counts));
    }

    /** The same, but with at least one member, and all members subscribe to all topics. */
    static Group randomEqual(RandomGenerator random, int maxMembers, int maxPartitions) {
        SortedMap<String, Integer> counts = counts(random, maxPartitions);
        SortedMap<String, Set<String>> subscriptions = new TreeMap<>();
        for (int i = 1 + random.nextInt(maxMembers); i > 0; i--) {
            subscriptions.put("m" + random.nextInt(100), counts.keySet());
        }
        return new Group(subscriptions, counts, owners(random, subscriptions, counts));
    }

    private static SortedMap<String, Integer> counts(RandomGenerator random, int maxPartitions) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (int left = random.nextInt(maxPartitions + 1); left > 0; ) {
            int count = 1 + random.nextInt(left);
            counts.put("t" + counts.size(), count);
            left -= count;
        }
        return counts;
    }

    private static Map<TopicPartition, String> owners(
            RandomGenerator random, SortedMap<String, Set<String>> subscriptions, SortedMap<String, Integer> counts) {
        List<String> ids = new ArrayList<>(subscriptions.keySet());
        ids.add("gone");
        int favoured = 1 + random.nextInt(ids.size());
        int ownedOfTen = random.nextInt(11);
        Map<TopicPartition, String> owners = new HashMap<>();
        counts.forEach((topic, count) -> {
            for (int i = 0; i < count + 1; i++) {
                if (random.nextInt(10) < ownedOfTen) {
                    owners.put(new TopicPartition(topic, i), ids.get(random.nextInt(favoured)));
                }
            }
        });
        owners.put(new TopicPartition("gone", 0), ids.getFirst());
        return owners;
    }

    Map<TopicPartition, String> assign(Assignor assignor) {
        return assignor.assign(subscriptions, partitionCounts, owners);
    }

    Group ownedBy(Map<TopicPartition, String> newOwners) {
        return new Group(subscriptions, partitionCounts, newOwners);
    }

    Group with(String member, Set<String> topics) {
        SortedMap<String, Set<String>> more = new TreeMap<>(subscriptions);
        more.put(member, topics);
        return new Group(more, partitionCounts, owners);
    }

    Group without(String member) {
        SortedMap<String, Set<String>> fewer = new TreeMap<>(subscriptions);
        fewer.remove(member);
        return new Group(fewer, partitionCounts, owners);
    }

    boolean subscribes(String member, TopicPartition partition) {
        return subscriptions.getOrDefault(member, Set.of()).contains(partition.topic());
    }

    /** The partitions of topics with subscribers, in order. */
    Set<TopicPartition> assignable() {
        Set<TopicPartition> assignable = new TreeSet<>();
        partitionCounts.forEach((topic, count) -> {
            if (subscriptions.values().stream().anyMatch(topics -> topics.contains(topic))) {
                IntStream.range(0, count).forEach(i -> assignable.add(new TopicPartition(topic, i)));
            }
        });
        return assignable;
    }

    Map<String, Integer> loads(Map<TopicPartition, String> assignment) {
        Map<String, Integer> loads = new TreeMap<>();
        subscriptions.keySet().forEach(member -> loads.put(member, 0));
        assignment.values().forEach(member -> loads.merge(member, 1, Integer::sum));
        return loads;
    }

    /** Whether no partition could go to another subscribed member that has at least two fewer. */
    boolean isBalanced(Map<TopicPartition, String> assignment) {
        Map<String, Integer> loads = loads(assignment);
        return assignment.entrySet().stream().allMatch(owned -> subscriptions.keySet().stream()
                .filter(member -> subscribes(member, owned.getKey()))
                .allMatch(member -> loads.get(owned.getValue()) - loads.get(member) < 2));
    }

    /** How many partitions keep their owner. */
    int kept(Map<TopicPartition, String> assignment) {
        return (int) assignment.entrySet().stream()
                .filter(owned -> owned.getValue().equals(owners.get(owned.getKey())))
                .count();
    }
}
