package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.Answer;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients that do not read what they request, ten times the number that once brought down a hub with this heap. For a
 * longer run: {@code -Ddeaf.seconds=60}.
 */
class DeafClientsIT {

    private static final Logger log = LoggerFactory.getLogger(DeafClientsIT.class);

    private static final int HEAP_MEGABYTES = 512;

    /** The heap, at most as much off-heap memory, and the JVM itself. */
    private static final long MOST_RESIDENT = 1200L * 1024 * 1024;

    /** {@code millrace.limits.client-memory}: a quarter of the heap. */
    private static final long BUDGET = HEAP_MEGABYTES / 4 * 1024L * 1024;

    private static final long LEAST_HELD = 1024 * 1024;

    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("deaf.seconds", 8));
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String RECORD = "{\"records\":[{\"value\":\"%s\"}]}";

    private static HubProcess hub;
    private static HubCalls client;

    @BeforeAll
    static void start() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        hub = HubProcess.onDatabase("deaf", database, HEAP_MEGABYTES);
        hub.awaitReady();
        client = new HubCalls(hub);
        client.createTopic("others", 1);
        fill("middling", 200, 100_000);
        fill("large", 60, 1_000_000);
        probe(Duration.ofSeconds(2));
    }

    private static void fill(String topic, int records, int bytes) throws Exception {
        client.createTopic(topic, 1);
        byte[] body = RECORD.formatted("x".repeat(bytes)).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < records; i++) {
            assertThat(client.produce(topic, body, TIMEOUT).status()).isEqualTo(200);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    @Test
    void subscriptionsWithOneCreditEach() throws Exception {
        List<String> frames = IntStream.range(0, 100)
                .mapToObj(i ->
                        "{\"type\":\"subscribe\",\"id\":\"%d\",\"topics\":[\"middling\"],\"from\":\"earliest\",\"credits\":1}"
                                .formatted(i))
                .toList();
        harmless("subscriptions", deaf -> deaf.webSockets(30, frames));
    }

    @Test
    void dashboardsThatReadFromTheBeginning() throws Exception {
        harmless("dashboards", deaf -> deaf.get(2000, "/v1/topics/middling/stream?from=earliest", "text/event-stream"));
    }

    @Test
    void eventStreamsAndPagesOfLargeRecords() throws Exception {
        harmless("large records", deaf -> {
            deaf.get(100, "/v1/topics/large/stream?from=earliest", "text/event-stream");
            deaf.get(100, "/v1/topics/large/partitions/0/records", "application/x-ndjson");
            deaf.get(100, "/v1/topics/large/partitions/0/records?max_bytes=16777216", "application/json");
            deaf.get(1000, "/v1/topics/others/partitions/0/records?offset=100000000&wait=20s", "application/json");
        });
    }

    private interface Attack {
        void begin(DeafClients deaf) throws IOException;
    }

    private static void harmless(String name, Attack attack) throws Exception {
        List<Long> usual = probe(TIME);
        long most;
        long held;
        List<Long> meanwhile;
        try (DeafClients deaf = new DeafClients(hub)) {
            attack.begin(deaf);
            meanwhile = probe(TIME);
            most = hub.residentBytes();
            held = held();
        }
        log.info(
                "{}: p99 {} ms before, {} ms meanwhile; p50 {} and {} ms; {} MB resident, {} MB held",
                name,
                at(usual, 99),
                at(meanwhile, 99),
                at(usual, 50),
                at(meanwhile, 50),
                most >> 20,
                held >> 20);
        assertThat(most).isLessThan(MOST_RESIDENT);
        assertThat(held).as("the memory held for them is counted").isBetween(LEAST_HELD, BUDGET);
        assertThat(hub.isAlive()).isTrue();
        assertThat(hub.log()).doesNotContain("OutOfMemory", "OutOfDirectMemory", "LEAK", " ERROR ");
        await().atMost(Duration.ofSeconds(60)).until(() -> held() < 1024 * 1024);
        assertThat(client.read("large", 0, "limit=1").status()).isEqualTo(200);
    }

    /** Other clients: stores and reads a record repeatedly; returns the microseconds of each round. */
    private static List<Long> probe(Duration time) throws Exception {
        byte[] body = RECORD.formatted("small").getBytes(StandardCharsets.UTF_8);
        List<Long> took = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            long began = System.nanoTime();
            Answer stored = client.produce("others", body, TIMEOUT);
            assertThat(stored.status()).as(stored.text()).isEqualTo(200);
            long offset =
                    HubCalls.json(stored).get("results").get(0).get("offset").asLong();
            Answer read = client.read("others", 0, "limit=1&offset=" + offset);
            assertThat(read.status()).as(read.text()).isEqualTo(200);
            assertThat(HubCalls.json(read).get("records").size()).isEqualTo(1);
            took.add((System.nanoTime() - began) / 1000);
        }
        return took;
    }

    private static double at(List<Long> micros, int percent) {
        List<Long> sorted = new ArrayList<>(micros);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)) / 1000.0;
    }

    private static long held() throws Exception {
        return client.metric("millrace_client_memory_bytes");
    }
}
