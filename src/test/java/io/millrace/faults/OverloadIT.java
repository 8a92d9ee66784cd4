package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.Answer;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.verify.history.Attempt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** More records arrive than fit into a small heap, while a lock blocks every append. */
class OverloadIT {

    private static final Logger log = LoggerFactory.getLogger(OverloadIT.class);

    private static final String TOPIC = "overload";
    private static final int HEAP_MEGABYTES = 256;
    private static final int PRODUCERS = 30;
    private static final int RECORDS = 10;
    private static final int RECORD_BYTES = 700_000;

    /**
     * Twice the number of producers. With more, the log would be blocked for longer, and after five seconds the lane
     * gives up on PostgreSQL, which leads to another refusal.
     */
    private static final int REFUSALS = 60;

    private final Collection<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch enough = new CountDownLatch(1);

    @Test
    void requestsAreRefusedEarlyAndTheHubSurvives() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (HubProcess hub = HubProcess.onDatabase("overload", database, HEAP_MEGABYTES)) {
            hub.awaitReady();
            HubCalls client = new HubCalls(hub);
            client.createTopic(TOPIC, 1);
            List<Thread> producers;
            try (var _ = LogLock.take(database)) {
                producers = start(client);
                await().atMost(Duration.ofSeconds(25)).until(() -> count("503 overloaded") >= REFUSALS);
                assertThat(client.status("/actuator/health/liveness")).isEqualTo(200);
                assertThat(count(Attempt.OK)).isZero();
            }
            enough.countDown();
            for (Thread producer : producers) {
                producer.join();
            }
            log.info("{}; slowest refusal {}", summary(), slowestRefusal());

            everyRefusalWasEarlyAndHadRetryAfter();
            assertThat(client.produce(TOPIC, body(1), Duration.ofSeconds(5)).status())
                    .isEqualTo(200);
            assertThat(client.read(TOPIC, 0, "limit=1").text())
                    .contains("\"high_watermark\":" + (RECORDS * count(Attempt.OK) + 1) + ",");
            assertThat(hub.isAlive()).isTrue();
            assertThat(hub.log()).doesNotContain("OutOfMemory", "OutOfDirectMemory", "LEAK");
        }
    }

    private void everyRefusalWasEarlyAndHadRetryAfter() {
        assertThat(attempts).allSatisfy(attempt -> {
            assertThat(attempt.said()).isIn(Attempt.OK, "503 overloaded");
            assertThat(attempt.succeeded() || attempt.retryAfter()).isTrue();
        });
        assertThat(slowestRefusal()).isLessThan(Duration.ofSeconds(10));
        assertThat(count(Attempt.OK)).isPositive();
    }

    private List<Thread> start(HubCalls client) {
        byte[] body = body(RECORDS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (enough.getCount() > 0) {
                    send(client, body);
                }
            }));
        }
        return threads;
    }

    private void send(HubCalls client, byte[] body) {
        long began = System.nanoTime();
        String said;
        boolean retryAfter = false;
        try {
            Answer answer = client.produce(TOPIC, body, Duration.ofSeconds(60));
            retryAfter = answer.headers().firstValue("Retry-After").isPresent();
            said = HubCalls.said(answer);
        } catch (IOException | InterruptedException failure) {
            said = failure.toString();
        }
        attempts.add(new Attempt(began, System.nanoTime(), said, retryAfter));
    }

    private static byte[] body(int records) {
        String record = "{\"value\":\"" + "x".repeat(RECORD_BYTES) + "\"}";
        return IntStream.range(0, records)
                .mapToObj(_ -> record)
                .collect(Collectors.joining(",", "{\"records\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private long count(String said) {
        return attempts.stream().filter(attempt -> attempt.said().equals(said)).count();
    }

    private Duration slowestRefusal() {
        return attempts.stream()
                .filter(attempt -> !attempt.succeeded())
                .map(Attempt::took)
                .max(Duration::compareTo)
                .orElseThrow();
    }

    private String summary() {
        return attempts.stream()
                .collect(Collectors.groupingBy(Attempt::said, Collectors.counting()))
                .toString();
    }
}
