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
            .thenComparingInt(candidate -> candidate.place);

    /** Among all members in order of id. */
    private final int place;

    private final Peers peers;

    /** In the order in which they came. An audience of whose topics this candidate has nothing is not there. */
    private final Map<Audience, Deque<Assignable>> assignables = new LinkedHashMap<>();

    /** At least one for each audience in the map; those of others are dropped when they come up. */
    private final PriorityQueue<Outlet> outlets = new PriorityQueue<>(Comparator.comparingInt(Outlet::least));

    private int load;

    private Candidate(int place, Peers peers) {
        this.place = place;
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
        assignables.computeIfAbsent(assignable.audience(), this::open).addLast(assignable);
        changeLoad(1);
    }

    private Deque<Assignable> open(Audience audience) {
        outlets.add(new Outlet(audience, 0));
        return new ArrayDeque<>();
    }

    /** Takes away what came last of the topics of that audience. */
    Assignable give(Audience audience) {
        Deque<Assignable> shared = assignables.get(audience);
        if (shared == null) {
            throw new IllegalArgumentException("nothing to give to this audience");
        }
        Assignable last = shared.removeLast();
        if (shared.isEmpty()) {
            assignables.remove(audience);
        }
        changeLoad(-1);
        return last;
    }

    /**
     * Of the audiences to whom this candidate could give something, the one with the least loaded member, as long as
     * nobody's load has gone below what was seen of it; {@link #lookAgain} makes up for that.
     */
    @Nullable
    Audience leastLoadedAudience() {
        for (Outlet outlet = outlets.poll(); outlet != null; outlet = outlets.poll()) {
            if (assignables.containsKey(outlet.audience())) {
                Outlet now = new Outlet(
                        outlet.audience(), outlet.audience().leastLoaded().load());
                outlets.add(now);
                if (now.least() <= outlet.least()) {
                    return now.audience();
                }
            }
        }
        return null;
    }

    /** Forgets what was seen of the audiences' loads. */
    void lookAgain() {
        outlets.clear();
        assignables.keySet().forEach(audience -> outlets.add(new Outlet(audience, 0)));
    }

    private void changeLoad(int by) {
        peers.remove(this);
        load += by;
        peers.add(this);
    }

    /**
     * An audience to give to.
     *
     * @param least the load of its least loaded member when it was last seen. It mostly grows, so usually only the
     *     first outlets need another look, of thousands if a group has as many topics with different audiences.
     */
    private record Outlet(Audience audience, int least) {}
}
