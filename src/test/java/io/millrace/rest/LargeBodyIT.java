package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Bodies that are too long, or shorter or longer than declared: refused early, with an answer if the client can read
 * it.
 */
class LargeBodyIT {

    private static final int FIFTY_MEBIBYTES = 50 * 1024 * 1024;
    private static final byte[] PIECE = new byte[64 * 1024];
    private static final String PATH = "/v1/topics/large/records";

    private static final String NOTHING_OR_400 = "(?s)|HTTP/1\\.1 400 .*";

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        Arrays.fill(PIECE, (byte) 'x');
        hub = Hub.start("millrace.limits.client-memory=128MB");
        api = HttpApi.of(hub);
        api.topic("large", 1);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @AfterEach
    void nothingIsStored() {
        assertThat(api.count("large")).isZero();
    }

    @Test
    void aDeclaredLengthIsRefusedBeforeTheBodyIsRead() throws Exception {
        for (String type : new String[] {"application/json", "text/plain"}) {
            try (RawHttp connection = new RawHttp(hub)) {
                connection.send(head(PATH, type, "Content-Length: " + FIFTY_MEBIBYTES));

                connection.read().isProblem(413, "request_too_large", null);
            }
        }
    }

    @Test
    void aClientThatAsksFirstNeedNotSendTheBody() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(
                    head(PATH, "application/json", "Content-Length: " + FIFTY_MEBIBYTES + "\r\nExpect: 100-continue"));

            connection.read().isProblem(413, "request_too_large", null);
        }
    }

    @Test
    void aClientThatSendsEverythingBeforeItReadsGetsTheAnswer() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(head(PATH, "application/json", "Content-Length: " + FIFTY_MEBIBYTES));
            for (int sent = 0; sent < FIFTY_MEBIBYTES; sent += PIECE.length) {
                connection.send(PIECE);
            }

            connection.read().isProblem(413, "request_too_large", null);
        }
    }

    @Test
    void aBodyInChunksIsRefusedAtTheLimitAndTheClientGetsTheAnswer() throws Exception {
        for (String path : new String[] {PATH, "/v1/topics"}) {
            try (RawHttp connection = new RawHttp(hub)) {
                connection.send(head(path, "application/json", "Transfer-Encoding: chunked"));
                for (int sent = 0; sent < FIFTY_MEBIBYTES; sent += PIECE.length) {
                    sendChunk(connection, PIECE);
                }
                connection.send("0\r\n\r\n");

                connection.read().isProblem(413, "request_too_large", null);
            }
        }
    }

    @Test
    void aLineThatNeverEndsIsRefusedAtTheLimit() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(head(PATH, "application/x-ndjson", "Transfer-Encoding: chunked"));
            for (int sent = 0; sent < FIFTY_MEBIBYTES; sent += PIECE.length) {
                sendChunk(connection, PIECE);
            }
            connection.send("0\r\n\r\n");

            var problem = connection.read().isProblem(413, "record_too_large", "#/records/0");
            assertThat(problem.path("records_stored").asInt(-1)).isZero();
        }
    }

    @Test
    void refusedBodiesAreNotHeld() throws Exception {
        // Twenty clients at once, each with 15 MiB of the 16 that are allowed: 300 MiB, more than may be held.
        RawHttp[] connections = new RawHttp[20];
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new RawHttp(hub);
            connections[i].send(head(PATH, "text/plain", "Content-Length: " + 16 * 1024 * 1024));
            for (int sent = 0; sent < 15 * 1024 * 1024; sent += PIECE.length) {
                connections[i].send(PIECE);
            }
        }
        connections[connections.length - 1].read().isProblem(503, "overloaded", null);
        for (RawHttp connection : connections) {
            connection.reset();
        }

        await("what they held is given back")
                .untilAsserted(() -> api.post(PATH, "text/plain", new byte[2 * 1024 * 1024])
                        .isProblem(413, "record_too_large", "#"));
    }

    @Test
    void aBodyThatEndsTooEarlyStoresNothing() throws Exception {
        String one = "{\"records\":[{\"value\":1}]}";
        String[] cuts = {
            head(PATH, "application/json", "Content-Length: 1000") + one,
            head(PATH, "text/plain", "Content-Length: 1000") + one,
            head(PATH, "application/json", "Transfer-Encoding: chunked") + "19\r\n" + one + "\r\n",
            head(PATH, "text/plain", "Transfer-Encoding: chunked") + "ff\r\n" + one,
            head(PATH, "application/x-ndjson", "Content-Length: 1000") + "{\"value\":1}",
            head(PATH, "application/x-ndjson", "Transfer-Encoding: chunked") + "b\r\n{\"value\":1}\r\n",
        };
        for (String cut : cuts) {
            try (RawHttp connection = new RawHttp(hub)) {
                connection.send(cut);
            }
            try (RawHttp connection = new RawHttp(hub)) {
                connection.send(cut);
                connection.reset();
            }
        }
        await().during(Duration.ofMillis(500)).until(() -> api.count("large") == 0);
    }

    @Test
    void aLengthThatIsTooShortTruncatesTheBody() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(
                    head(PATH, "application/json", "Content-Length: 10") + "{\"records\":[{\"value\":1}]}\r\n\r\n");

            connection.read().isProblem(400, "malformed_json", "#");
            // The rest of the body is taken for the next request, and is an invalid one.
            assertThat(connection.rest()).matches(NOTHING_OR_400);
        }
    }

    @Test
    void garbageAfterARequestDoesNotSpoilItsAnswer() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send("GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n\u0000\u0001 garbage\r\n\r\n");

            connection.read().hasStatus(200);
            assertThat(connection.rest()).matches(NOTHING_OR_400);
        }
    }

    @Test
    void anInvalidChunkSizeEndsTheConnection() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(head(PATH, "application/json", "Transfer-Encoding: chunked") + "zz\r\n{}\r\n0\r\n\r\n");

            assertThat(connection.rest()).matches(NOTHING_OR_400);
        }
    }

    private static void sendChunk(RawHttp connection, byte[] chunk) throws IOException {
        connection.send(Integer.toHexString(chunk.length) + "\r\n");
        connection.send(chunk);
        connection.send("\r\n");
    }

    private static String head(String path, String type, String framing) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n" + framing + "\r\n\r\n";
    }
}
