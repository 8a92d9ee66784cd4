package io.millrace.assignor;

import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The candidates that subscribe to the same topics. Groups have many members and few different subscriptions, so the
 * least loaded subscriber of a topic is found among few. Always ordered by load: a candidate is removed before its load
 * changes and added again after that.
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
