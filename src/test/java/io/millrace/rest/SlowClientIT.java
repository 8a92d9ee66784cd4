package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.budget.ClientMemory;
import io.millrace.testing.Hub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each phase of a connection has a time limit, and a slow client that makes progress is served. */
class SlowClientIT {

    private static final String RECORDS = "/v1/topics/slow/records";

    /** The bounds below come to little more than a second; the machine may be busy with other builds. */
    private static final Duration SOON = Duration.ofSeconds(8);

    private static final String ONE = "{\"records\":[{\"value\":1}";

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start(
                "millrace.connections.head-timeout=1s",
                "millrace.connections.body-grace=1s",
                "millrace.connections.body-rate=1KB",
                "millrace.connections.max-pipelined=20",
                "millrace.connections.max-per-address=50",
                "server.netty.idle-timeout=3s");
        api = HttpApi.of(hub);
        api.topic("slow", 1);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @Test
    void anIdleConnectionEnds() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            assertThat(connection.rest()).isEmpty();
        }
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send("GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n");
            connection.read().hasStatus(200);
            assertThat(connection.rest()).isEmpty();
        }
    }

    @Test
    void aHeadThatDoesNotEndIsAnswered() throws Exception {
        double before = cut("head");
        try (RawHttp connection = new RawHttp(hub)) {
            trickle(connection, "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + "x".repeat(200));

            connection.read().isProblemWithoutPath(408, "request_timeout");
            connection.drain();
        }
        assertThat(cut("head")).isGreaterThan(before);
    }

    @ParameterizedTest
    @CsvSource({
        RECORDS + ", application/json",
        RECORDS + ", text/plain",
        "/v1/topics, application/json",
    })
    void aBodyThatStallsIsAnsweredAndNothingOfItIsHeld(String path, String type) throws Exception {
        double before = cut("body");
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(head(path, type, "Content-Length: 100000"));
            connection.send(ONE);

            connection.read().isProblem(408, "request_timeout", null);
            assertThat(connection.rest()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(cut("body")).isGreaterThan(before));
        await().untilAsserted(
                        () -> assertThat(hub.bean(ClientMemory.class).held()).isZero());
    }

    @Test
    void aByteNowAndThenIsNotEnough() throws Exception {
        for (String framing : new String[] {"Content-Length: 100000", "Transfer-Encoding: chunked"}) {
            long began = System.nanoTime();
            try (RawHttp connection = new RawHttp(hub)) {
                connection.send(head(RECORDS, "application/json", framing));
                trickle(connection, "1\r\nx\r\n".repeat(50));

                connection.read().isProblem(408, "request_timeout", null);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
                connection.drain();
            }
        }
    }

    @Test
    void aBodyThatIsSentAfterItsRefusalEndsToo() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(head(RECORDS, "application/json", "Content-Length: 99999999"));
            connection.read().isProblem(413, "request_too_large", null);
            long began = System.nanoTime();
            trickle(connection, "still".repeat(60));

            connection.drain();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
        }
    }

    @Test
    void aSlowClientThatMakesProgressIsServed() throws Exception {
        String body = ONE + " ".repeat(4000) + "]}";
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(head(RECORDS, "application/json", "Content-Length: " + body.length()));
            for (int from = 0; from < body.length(); from += 512) {
                connection.send(body.substring(from, Math.min(body.length(), from + 512)));
                pause(300);
            }

            connection.read().hasStatus(200);
        }
    }

    @Test
    void aStreamMayPauseBetweenLines() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(head(RECORDS, "application/x-ndjson", "Transfer-Encoding: chunked"));
            for (int i = 0; i < 3; i++) {
                chunk(connection, "{\"value\":1}\n");
                pause(2500);
            }
            connection.send("0\r\n\r\n");

            assertThat(connection.read().hasStatus(200).json().path("records").asInt())
                    .isEqualTo(3);
        }
    }

    @Test
    void aStreamMayNotPauseWithinALine() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(head(RECORDS, "application/x-ndjson", "Transfer-Encoding: chunked"));
            chunk(connection, "{\"value\":1}\n{\"val");

            connection.read().isProblem(408, "request_timeout", null);
            assertThat(connection.rest()).isEmpty();
        }
    }

    /** While commits wait, no more of an NDJSON body is read, and the client cannot make progress. */
    @Test
    void aLineMayWaitForTheHub() throws Exception {
        String lines = ("{\"value\":\"" + "x".repeat(10_000) + "\"}\n").repeat(400);
        try (RawHttp connection = new RawHttp(hub);
                Connection others = hub.bean(DataSource.class).getConnection();
                Statement lock = others.createStatement()) {
            others.setAutoCommit(false);
            lock.execute("select from millrace.partition_head for update");
            connection.send(head(RECORDS, "application/x-ndjson", "Content-Length: " + lines.length()));
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendAll(connection, lines));
            pause(2000);
            assertThat(connection.answered()).isFalse();
            others.rollback();

            assertThat(connection.read().hasStatus(200).json().path("records").asInt())
                    .isEqualTo(400);
            assertThat(sent).succeedsWithin(SOON);
        }
    }

    private static void sendAll(RawHttp connection, String text) {
        try {
            connection.send(text);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @Test
    void manyRequestsAtOnceEndTheConnection() throws Exception {
        double before = cut("pipeline");
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send("GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1000));
            connection.drain();
        }
        assertThat(cut("pipeline")).isGreaterThan(before);
    }

    @Test
    void oneAddressGetsItsShareOfConnections() throws Exception {
        List<RawHttp> connections = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                connections.add(new RawHttp(hub));
            }
            await().untilAsserted(() -> assertThat(cut("address")).isGreaterThanOrEqualTo(10));
        } finally {
            for (RawHttp connection : connections) {
                connection.close();
            }
        }
        await().ignoreExceptions().until(() -> {
            try (RawHttp connection = new RawHttp(hub)) {
                connection.send("GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n");
                return connection.read().status() == 200;
            }
        });
    }

    private static double cut(String reason) {
        return hub.bean(MeterRegistry.class)
                .get("millrace.connections.cut")
                .tag("reason", reason)
                .counter()
                .count();
    }

    /** Sends a byte at a time until the hub answers or closes the connection. */
    private static void trickle(RawHttp connection, String text) {
        try {
            for (byte one : text.getBytes(StandardCharsets.ISO_8859_1)) {
                connection.send(new byte[] {one});
                pause(50);
                if (connection.answered()) {
                    return;
                }
            }
        } catch (IOException closed) {
            // as intended
        }
    }

    /** The pace of a client, not a wait for the hub. */
    private static void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    private static void chunk(RawHttp connection, String text) throws IOException {
        connection.send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    private static String head(String path, String type, String framing) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n" + framing + "\r\n\r\n";
    }
}
