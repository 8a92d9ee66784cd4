package io.millrace.assignor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * All who subscribe to a topic. Topics with the same subscribers share one audience: to balance, their partitions are
 * alike.
 */
final class Audience {

    private final List<Peers> subscribers;
    private final int size;

    private Audience(List<Peers> subscribers) {
        this.subscribers = subscribers;
        this.size = subscribers.stream().mapToInt(Peers::size).sum();
    }

    /** The audience of each topic that somebody subscribes to. */
    static Map<String, Audience> byTopic(Collection<Candidate> candidates) {
        Map<String, List<Peers>> subscribers = new HashMap<>();
        LinkedHashSet<Peers> all = new LinkedHashSet<>();
        candidates.forEach(candidate -> all.add(candidate.peers()));
        for (Peers peers : all) {
            peers.topics().forEach(topic -> subscribers
                    .computeIfAbsent(topic, _ -> new ArrayList<>())
                    .add(peers));
        }
        Map<List<Peers>, Audience> audiences = new HashMap<>();
        Map<String, Audience> byTopic = new HashMap<>();
        subscribers.forEach((topic, peers) -> byTopic.put(topic, audiences.computeIfAbsent(peers, Audience::new)));
        return byTopic;
    }

    /** How many candidates it has. */
    int size() {
        return size;
    }

    Candidate leastLoaded() {
        Candidate least = subscribers.getFirst().leastLoaded();
        for (Peers peers : subscribers) {
            if (Candidate.LEAST_LOADED_FIRST.compare(peers.leastLoaded(), least) < 0) {
                least = peers.leastLoaded();
            }
        }
        return least;
    }
}
