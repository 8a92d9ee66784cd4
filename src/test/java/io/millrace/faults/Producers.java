package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls;
import io.millrace.client.RefusedException;
import io.millrace.client.message.ProduceResult;
import io.millrace.event.Acks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Threads that send requests, each with its own load and its own sequence, until they are closed. No mark is sent
 * twice: after a failure a producer sends its next request to the next hub.
 */
final class Producers implements AutoCloseable {

    private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(20);

    /** The status of an unknown outcome. */
    private static final int UNKNOWN = 504;

    private final History history = new History();
    private final Collection<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final String topic;
    private final List<HubCalls> hubs;
    private final Duration patience;
    private final Duration rest;

    /**
     * Producers that share keys and do not run out of records.
     *
     * @param patience how long a producer waits for an answer
     */
    static Producers start(int count, String topic, Duration patience, HubProcess... hubs) {
        List<Load> loads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            loads.add(new RandomLoad(i));
        }
        return start(loads, topic, patience, Duration.ZERO, hubs);
    }

    /**
     * @param loads one for each producer
     * @param rest the pause between two requests of a producer
     */
    static Producers start(
            List<? extends Load> loads, String topic, Duration patience, Duration rest, HubProcess... hubs) {
        Producers producers = new Producers(
                topic, patience, rest, List.of(hubs).stream().map(HubCalls::new).toList());
        for (int i = 0; i < loads.size(); i++) {
            int number = i;
            Load load = loads.get(i);
            producers.threads.add(
                    Thread.ofVirtual().name("producer-" + i).start(() -> producers.produce(number, load)));
        }
        return producers;
    }

    private Producers(String topic, Duration patience, Duration rest, List<HubCalls> hubs) {
        this.topic = topic;
        this.patience = patience;
        this.rest = rest;
        this.hubs = hubs;
    }

    History history() {
        return history;
    }

    /** The results of all requests so far, in the order of their ends. */
    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** The number of requests that were stored after this moment. */
    long storedSince(long nanoTime) {
        return attempts.stream()
                .filter(attempt -> attempt.succeeded() && attempt.ended() >= nanoTime)
                .count();
    }

    /** The number of records that were certainly stored. */
    long recordsStored() {
        return history.requests().stream()
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
        long first = attempts.stream()
                .filter(attempt -> attempt.succeeded() && attempt.began() >= nanoTime)
                .mapToLong(Attempt::ended)
                .min()
                .orElseThrow();
        return Duration.ofNanos(first - nanoTime);
    }

    /** How long after this moment the first request was stored that began after a failed one. */
    Duration recoveredAfter(long nanoTime) {
        long failed = attempts.stream()
                .filter(attempt -> !attempt.succeeded() && attempt.ended() >= nanoTime)
                .mapToLong(Attempt::ended)
                .min()
                .orElseThrow();
        return firstStoredAfter(failed).plusNanos(failed - nanoTime);
    }

    /** Results that an outage does not explain: client errors for valid requests, and internal errors. */
    List<Attempt> unexplained() {
        return attempts.stream()
                .filter(attempt ->
                        attempt.said().startsWith("4") || attempt.said().startsWith("500"))
                .toList();
    }

    /** The number of answers, by kind. */
    String summary() {
        return attempts.stream()
                .collect(Collectors.groupingBy(Attempt::said, java.util.TreeMap::new, Collectors.counting()))
                .toString();
    }

    /** Waits for the ends of the loads and for all answers. */
    @Override
    public void close() throws InterruptedException {
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void produce(int number, Load load) {
        String producer = "p" + number;
        int at = number;
        long sequence = 0;
        try {
            List<Load.Draft> drafts = load.next(stopping());
            for (int i = 0; !drafts.isEmpty(); i++) {
                if (send(hubs.get(at % hubs.size()), producer + "-" + i, producer, sequence, drafts)) {
                    stopped.await(rest.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    load.refused(drafts);
                    at++;
                    stopped.await(REST_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
                }
                sequence += drafts.size();
                drafts = load.next(stopping());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean stopping() {
        return stopped.getCount() == 0;
    }

    private boolean send(HubCalls hub, String request, String producer, long sequence, List<Load.Draft> drafts)
            throws InterruptedException {
        List<Mark> records = new ArrayList<>();
        StringJoiner body = new StringJoiner(",", "{\"records\":[", "]}");
        for (Load.Draft draft : drafts) {
            Mark mark = new Mark(request, records.size(), producer, draft.key(), sequence + records.size());
            records.add(mark);
            body.add("{\"key\":\"" + mark.key() + "\",\"value\":" + mark.json(draft.fields()) + "}");
        }
        history.sending(request, records);
        long began = System.nanoTime();
        RecordCalls calls = hub.client().answering(patience).records();
        try {
            ProduceResult stored = calls.produce(topic, body.toString().getBytes(StandardCharsets.UTF_8), Acks.LEADER);
            attempts.add(new Attempt(began, System.nanoTime(), Attempt.OK, false));
            history.ended(request, new Outcome.Stored(positions(stored)));
            return true;
        } catch (RefusedException refusal) {
            boolean retryAfter = refusal.retryAfterSeconds().isPresent();
            attempts.add(new Attempt(began, System.nanoTime(), Attempt.said(refusal), retryAfter));
            history.ended(request, refusal.status() == UNKNOWN ? new Outcome.Unknown() : new Outcome.NotStored());
        } catch (NoAnswerException unanswered) {
            attempts.add(new Attempt(began, System.nanoTime(), Attempt.said(unanswered), false));
            if (!unanswered.mayBeCarriedOut()) {
                history.ended(request, new Outcome.NotStored());
            }
        }
        return false;
    }

    private static List<Position> positions(ProduceResult stored) {
        return stored.results().stream()
                .map(result -> new Position(result.partition(), result.offset()))
                .toList();
    }
}
