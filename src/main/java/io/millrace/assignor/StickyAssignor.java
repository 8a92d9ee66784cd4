package io.millrace.assignor;

import io.millrace.event.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Keeps partitions where they are as far as balance allows, since every move makes two members stop and commit. The
 * result is balanced: no partition could go to another subscribed member that has at least two fewer, so the loads of
 * members with equal subscriptions differ by at most one. If all subscriptions are equal, no balanced assignment moves
 * fewer partitions. An assignment that is balanced and complete comes back unchanged.
 *
 * <p>Members first keep what they have; free partitions go to the least loaded; then the most loaded give to the least
 * loaded until the loads are balanced. Each gift makes the sum of the squares of the loads smaller, so that comes to an
 * end. Without state, so safe for any thread.
 */
final class StickyAssignor implements Assignor {

    private static final int GOLDEN_RATIO = 0x9E3779B9;

    /**
     * The order in which members take the partitions that they own already. They give up first what they took last: in
     * this order, that is a sample of all topics, rather than one whole topic, which might be the busy one.
     */
    private static final Comparator<Assignable> SCATTERED = Comparator.<Assignable>comparingInt(
                    assignable -> scattered(assignable.partition()))
            .thenComparing(Assignable::partition);

    @Override
    public Map<TopicPartition, String> assign(
            SortedMap<String, Set<String>> subscriptions,
            SortedMap<String, Integer> partitionCounts,
            Map<TopicPartition, String> owners) {
        Map<String, Candidate> candidates = Candidate.all(subscriptions);
        handOut(keep(assignables(partitionCounts, candidates.values()), owners, candidates));
        level(candidates.values());
        Map<TopicPartition, String> assignment = new HashMap<>();
        candidates.forEach((id, candidate) ->
                candidate.assignables().forEach(assignable -> assignment.put(assignable.partition(), id)));
        return assignment;
    }

    /** The partitions of topics with subscribers, scattered. */
    private static List<Assignable> assignables(
            SortedMap<String, Integer> partitionCounts, Collection<Candidate> candidates) {
        Map<String, Subscribers> subscribersByTopic = Subscribers.byTopic(candidates);
        List<Assignable> assignables = new ArrayList<>();
        partitionCounts.forEach((topic, count) -> {
            Subscribers subscribers = subscribersByTopic.get(topic);
            for (int i = 0; subscribers != null && i < count; i++) {
                assignables.add(new Assignable(new TopicPartition(topic, i), subscribers));
            }
        });
        assignables.sort(SCATTERED);
        return assignables;
    }

    /** The same number on every node; ordered by it, the partitions of a topic, and all topics, are spread evenly. */
    private static int scattered(TopicPartition partition) {
        return (31 * partition.topic().hashCode() + partition.partition()) * GOLDEN_RATIO;
    }

    /** Leaves to each owner the partitions that it may keep, and returns the others. */
    private static List<Assignable> keep(
            List<Assignable> assignables, Map<TopicPartition, String> owners, Map<String, Candidate> candidates) {
        List<Assignable> unowned = new ArrayList<>();
        for (Assignable assignable : assignables) {
            String id = owners.get(assignable.partition());
            Candidate owner = id == null ? null : candidates.get(id);
            if (owner != null && owner.subscribesTo(assignable.partition().topic())) {
                owner.take(assignable);
            } else {
                unowned.add(assignable);
            }
        }
        return unowned;
    }

    /** Partitions with the fewest subscribers go first: the others can still choose later. */
    private static void handOut(List<Assignable> unowned) {
        unowned.sort(Comparator.<Assignable>comparingInt(
                        assignable -> assignable.subscribers().size())
                .thenComparing(Assignable::partition));
        unowned.forEach(assignable -> assignable.subscribers().leastLoaded().take(assignable));
    }

    /** In rounds: a member that found none to give to may find one that has given since. */
    private static void level(Collection<Candidate> candidates) {
        boolean moved;
        do {
            moved = false;
            candidates.forEach(Candidate::forgetSeenLoads);
            NavigableSet<Candidate> donors = new TreeSet<>(Candidate.LEAST_LOADED_FIRST);
            donors.addAll(candidates);
            while (!donors.isEmpty()) {
                Candidate donor = donors.pollLast();
                Subscribers subscribers = donor.leastLoadedSubscribers();
                if (subscribers != null && subscribers.leastLoaded().load() + 2 <= donor.load()) {
                    Candidate taker = subscribers.leastLoaded();
                    donors.remove(taker);
                    taker.take(donor.give(subscribers));
                    donors.add(taker);
                    donors.add(donor);
                    moved = true;
                }
            }
        } while (moved);
    }
}
