package io.millrace.assignor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The members that subscribe to a topic. Topics with the same subscribers share one instance: for the balance, their
 * partitions are alike.
 */
final class Subscribers {

    private final List<Peers> peers;
    private final int size;

    private Subscribers(List<Peers> peers) {
        this.peers = peers;
        this.size = peers.stream().mapToInt(Peers::size).sum();
    }

    /** The subscribers of each topic that has any. */
    static Map<String, Subscribers> byTopic(Collection<Candidate> candidates) {
        Map<String, List<Peers>> peersByTopic = new HashMap<>();
        LinkedHashSet<Peers> all = new LinkedHashSet<>();
        candidates.forEach(candidate -> all.add(candidate.peers()));
        for (Peers peers : all) {
            peers.topics().forEach(topic -> peersByTopic
                    .computeIfAbsent(topic, _ -> new ArrayList<>())
                    .add(peers));
        }
        Map<List<Peers>, Subscribers> different = new HashMap<>();
        Map<String, Subscribers> byTopic = new HashMap<>();
        peersByTopic.forEach((topic, peers) -> byTopic.put(topic, different.computeIfAbsent(peers, Subscribers::new)));
        return byTopic;
    }

    /** How many candidates these are. */
    int size() {
        return size;
    }

    Candidate leastLoaded() {
        Candidate least = peers.getFirst().leastLoaded();
        for (Peers some : peers) {
            if (Candidate.LEAST_LOADED_FIRST.compare(some.leastLoaded(), least) < 0) {
                least = some.leastLoaded();
            }
        }
        return least;
    }
}
