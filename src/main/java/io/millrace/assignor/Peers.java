package io.millrace.assignor;

import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The candidates who subscribe to the same topics. Groups have many members and few subscriptions, so the least loaded
 * of a topic is found among few. Always ordered by load: a candidate leaves before its load changes and comes back
 * after.
 */
final class Peers {

    private final Set<String> topics;
    private final NavigableSet<Candidate> byLoad = new TreeSet<>(Candidate.LEAST_LOADED_FIRST);

    Peers(Set<String> topics) {
        this.topics = topics;
    }

    Set<String> topics() {
        return topics;
    }

    void add(Candidate candidate) {
        byLoad.add(candidate);
    }

    void remove(Candidate candidate) {
        byLoad.remove(candidate);
    }

    int size() {
        return byLoad.size();
    }

    Candidate leastLoaded() {
        return byLoad.first();
    }
}
