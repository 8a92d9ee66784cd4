package io.millrace.assignor;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A member while partitions are being distributed, with what it has so far. Belongs to one call of one thread. */
final class Candidate {

    static final Comparator<Candidate> LEAST_LOADED_FIRST = Comparator.<Candidate>comparingInt(
                    candidate -> candidate.load)
            .thenComparingInt(candidate -> candidate.rank);

    /** The position among all members, in order of id. */
    private final int rank;

    private final Peers peers;

    /** In the order in which they were taken. Subscribers of whose topics this candidate has nothing are left out. */
    private final Map<Subscribers, Deque<Assignable>> assignables = new LinkedHashMap<>();

    /** At least one for each key of {@code assignables}; those of others are dropped when they are polled. */
    private final PriorityQueue<SeenLoad> seenLoads = new PriorityQueue<>(Comparator.comparingInt(SeenLoad::least));

    private int load;

    private Candidate(int rank, Peers peers) {
        this.rank = rank;
        this.peers = peers;
        peers.add(this);
    }

    /** The members by id, in the same order, without partitions. */
    static Map<String, Candidate> all(SortedMap<String, Set<String>> subscriptions) {
        Map<Set<String>, Peers> peers = new HashMap<>();
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        subscriptions.forEach((memberId, topics) ->
                candidates.put(memberId, new Candidate(candidates.size(), peers.computeIfAbsent(topics, Peers::new))));
        return candidates;
    }

    Peers peers() {
        return peers;
    }

    /** How many partitions it has. */
    int load() {
        return load;
    }

    boolean subscribesTo(String topic) {
        return peers.topics().contains(topic);
    }

    Stream<Assignable> assignables() {
        return assignables.values().stream().flatMap(Collection::stream);
    }

    void take(Assignable assignable) {
        assignables.computeIfAbsent(assignable.subscribers(), this::open).addLast(assignable);
        changeLoad(1);
    }

    private Deque<Assignable> open(Subscribers subscribers) {
        seenLoads.add(new SeenLoad(subscribers, 0));
        return new ArrayDeque<>();
    }

    /** Takes away the partition that came last, of the topics with these subscribers. */
    Assignable give(Subscribers subscribers) {
        Deque<Assignable> shared = assignables.get(subscribers);
        if (shared == null) {
            throw new IllegalArgumentException("nothing to give to these subscribers");
        }
        Assignable last = shared.removeLast();
        if (shared.isEmpty()) {
            assignables.remove(subscribers);
        }
        changeLoad(-1);
        return last;
    }

    /**
     * The subscribers with the least loaded member, among those to whom this candidate could give a partition. Right
     * unless a load has fallen since it was seen; {@link #forgetSeenLoads} makes up for that.
     */
    @Nullable
    Subscribers leastLoadedSubscribers() {
        for (SeenLoad seen = seenLoads.poll(); seen != null; seen = seenLoads.poll()) {
            if (assignables.containsKey(seen.subscribers())) {
                SeenLoad now = new SeenLoad(
                        seen.subscribers(), seen.subscribers().leastLoaded().load());
                seenLoads.add(now);
                if (now.least() <= seen.least()) {
                    return now.subscribers();
                }
            }
        }
        return null;
    }

    /** Has all loads looked at again. */
    void forgetSeenLoads() {
        seenLoads.clear();
        assignables.keySet().forEach(subscribers -> seenLoads.add(new SeenLoad(subscribers, 0)));
    }

    private void changeLoad(int by) {
        peers.remove(this);
        load += by;
        peers.add(this);
    }

    /**
     * Subscribers to give to.
     *
     * @param least the load of their least loaded member when it was last seen; 0 if it has not been. Loads mostly
     *     grow, so usually only the first entries need another look, of thousands if a group has as many topics with
     *     different subscribers.
     */
    private record SeenLoad(Subscribers subscribers, int least) {}
}
