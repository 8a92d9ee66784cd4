package io.millrace.group;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A member while partitions are being distributed, with what it has so far. Belongs to one call of one thread. */
final class Candidate {

    static final Comparator<Candidate> LEAST_LOADED_FIRST =
            Comparator.<Candidate>comparingInt(candidate -> candidate.load).thenComparing(Candidate::memberId);

    private final String memberId;
    private final Peers peers;
    /** In the order in which they came. An audience of whose topics this candidate has nothing is not there. */
    private final Map<Audience, Deque<Assignable>> assignables = new LinkedHashMap<>();

    private int load;

    private Candidate(String memberId, Peers peers) {
        this.memberId = memberId;
        this.peers = peers;
        peers.add(this);
    }

    /** The members by id, in the same order, without partitions. */
    static Map<String, Candidate> all(SortedMap<String, Set<String>> subscriptions) {
        Map<Set<String>, Peers> peers = new HashMap<>();
        Map<String, Candidate> candidates = new LinkedHashMap<>();
        subscriptions.forEach((memberId, topics) ->
                candidates.put(memberId, new Candidate(memberId, peers.computeIfAbsent(topics, Peers::new))));
        return candidates;
    }

    String memberId() {
        return memberId;
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
        assignables
                .computeIfAbsent(assignable.audience(), _ -> new ArrayDeque<>())
                .addLast(assignable);
        changeLoad(1);
    }

    /** Takes away what came last of the topics of that audience. */
    Assignable give(Audience audience) {
        Deque<Assignable> shared = assignables.get(audience);
        if (shared == null) {
            throw new IllegalArgumentException(memberId + " has nothing of these topics");
        }
        Assignable last = shared.removeLast();
        if (shared.isEmpty()) {
            assignables.remove(audience);
        }
        changeLoad(-1);
        return last;
    }

    /** Of the audiences to whom this candidate could give something, the one with the least loaded member. */
    @Nullable
    Audience leastLoadedAudience() {
        Audience best = null;
        int least = Integer.MAX_VALUE;
        for (Audience audience : assignables.keySet()) {
            int candidate = audience.leastLoaded().load();
            if (candidate < least) {
                best = audience;
                least = candidate;
            }
        }
        return best;
    }

    private void changeLoad(int by) {
        peers.remove(this);
        load += by;
        peers.add(this);
    }
}
