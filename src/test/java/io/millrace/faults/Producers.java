package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import io.millrace.event.Acks;
import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.History;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.load.Load;
import io.millrace.verify.load.Pace;
import io.millrace.verify.load.RandomLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The producers of {@code verify}, on hubs as processes; tests wait for what they do and time it. */
final class Producers implements AutoCloseable {

    private static final int KEYS = 12;

    private final io.millrace.verify.load.Producers all;

    private Producers(io.millrace.verify.load.Producers all) {
        this.all = all;
    }

    /**
     * Producers that share keys and do not run out of records.
     *
     * @param patience how long a producer waits for an answer
     */
    static Producers start(int count, String topic, Duration patience, HubProcess... hubs) {
        List<Load> loads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            loads.add(new RandomLoad(i, KEYS));
        }
        return start(loads, topic, patience, Duration.ZERO, hubs);
    }

    /**
     * @param loads one for each producer
     * @param rest the pause between two requests of a producer
     */
    static Producers start(
            List<? extends Load> loads, String topic, Duration patience, Duration rest, HubProcess... hubs) {
        return new Producers(io.millrace.verify.load.Producers.start(
                loads,
                new io.millrace.verify.load.Producers.Plan(
                        topic, Acks.LEADER, patience, Pace.pausing(rest), Long.MAX_VALUE),
                Stream.of(hubs).map(HubProcess::url).toList()));
    }

    History history() {
        return all.history();
    }

    /** The results of all requests so far, in the order of their ends. */
    List<Attempt> attempts() {
        return all.attempts();
    }

    /** The number of requests that were stored after this moment. */
    long storedSince(long nanoTime) {
        return attempts().stream()
                .filter(attempt -> attempt.succeeded() && attempt.ended() >= nanoTime)
                .count();
    }

    /** The number of records that were certainly stored. */
    long recordsStored() {
        return history().requests().stream()
                .filter(request -> request.outcome() instanceof Outcome.Stored)
                .mapToLong(request -> request.records().size())
                .sum();
    }

    /** Waits until that many requests were stored after this moment. */
    void awaitStored(long since, long requests) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> storedSince(since) >= requests);
    }

    /** How long after this moment the first request was stored. */
    Duration firstStoredAfter(long nanoTime) {
        long first = attempts().stream()
                .filter(attempt -> attempt.succeeded() && attempt.began() >= nanoTime)
                .mapToLong(Attempt::ended)
                .min()
                .orElseThrow();
        return Duration.ofNanos(first - nanoTime);
    }

    /** How long after this moment the first request was stored that began after a failed one. */
    Duration recoveredAfter(long nanoTime) {
        long failed = attempts().stream()
                .filter(attempt -> !attempt.succeeded() && attempt.ended() >= nanoTime)
                .mapToLong(Attempt::ended)
                .min()
                .orElseThrow();
        return firstStoredAfter(failed).plusNanos(failed - nanoTime);
    }

    /** Results that an outage does not explain: client errors for valid requests, and internal errors. */
    List<Attempt> unexplained() {
        return attempts().stream()
                .filter(attempt ->
                        attempt.said().startsWith("4") || attempt.said().startsWith("500"))
                .toList();
    }

    /** The number of answers, by kind. */
    String summary() {
        return attempts().stream()
                .collect(Collectors.groupingBy(Attempt::said, TreeMap::new, Collectors.counting()))
                .toString();
    }

    /** Waits for the ends of the loads and for all answers. */
    @Override
    public void close() throws InterruptedException {
        all.close();
    }
}
