package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import io.millrace.client.ClientSettings;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Supervisors that constantly probe a hub's readiness and liveness, each on a connection of its own; each event loop of
 * the hub serves some of these. A supervisor without an answer reconnects.
 */
final class Probes implements AutoCloseable {

    private static final int SUPERVISORS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final List<String> GROUPS = List.of("readiness", "liveness");

    /** @param status 0 if there was no answer */
    private record Answer(String group, long asked, long came, int status, String body) {

        boolean up() {
            return status == 200;
        }

        boolean names(String group, String part) {
            return status == 503 && this.group.equals(group) && body.contains(part);
        }
    }

    private final HubProcess hub;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Thread> supervisors = new ArrayList<>();
    private volatile boolean closed;

    Probes(HubProcess hub) {
        this.hub = hub;
        for (int i = 0; i < SUPERVISORS; i++) {
            supervisors.add(Thread.ofPlatform().daemon().start(this::supervise));
        }
    }

    /** Waits until the hub has answered several probes per supervisor with "up". */
    void awaitUp() {
        await().atMost(Duration.ofSeconds(30)).until(() -> count(0, Answer::up) >= 4 * SUPERVISORS);
    }

    /** Waits until both groups have named a part since then, and until probes have had time for any wrong answer. */
    void awaitReported(long since, String part, Duration longest) {
        for (String group : GROUPS) {
            await().atMost(longest).until(() -> count(since, answer -> answer.names(group, part)) > 0);
        }
        long named = System.nanoTime();
        await().atMost(longest).until(() -> System.nanoTime() - named > 2 * PATIENCE.toNanos());
    }

    /**
     * The time from the beginning to the last probe that was answered with "up" or to the first "down" of each group,
     * whichever is later.
     */
    Duration reportedAfter(long began) {
        long reported = began;
        for (String group : GROUPS) {
            long first = answers.stream()
                    .filter(answer -> answer.asked() >= began && answer.names(group, ""))
                    .mapToLong(Answer::came)
                    .min()
                    .orElse(Long.MAX_VALUE);
            reported = Math.max(reported, first);
        }
        for (Answer answer : answers) {
            if (answer.up()) {
                reported = Math.max(reported, answer.asked());
            }
        }
        return Duration.ofNanos(reported - began);
    }

    private long count(long since, java.util.function.Predicate<Answer> what) {
        return answers.stream()
                .filter(answer -> answer.asked() >= since && what.test(answer))
                .count();
    }

    private void supervise() {
        try (HubClient client = new HubClient(hub.management(), new ClientSettings(PATIENCE, PATIENCE, Map.of()))) {
            while (!closed) {
                for (String group : GROUPS) {
                    answers.add(ask(client, group));
                }
                java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Answer ask(HubClient client, String group) throws InterruptedException {
        long asked = System.nanoTime();
        try {
            var answer = client.get("/actuator/health/" + group);
            return new Answer(group, asked, System.nanoTime(), answer.status(), answer.text());
        } catch (NoAnswerException unanswered) {
            return new Answer(group, asked, System.nanoTime(), 0, "");
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread supervisor : supervisors) {
            supervisor.join();
        }
    }
}
