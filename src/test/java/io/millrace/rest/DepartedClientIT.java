package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.testing.Trouble;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A client may go away at any moment: the hub logs no trouble. */
class DepartedClientIT {

    private static final int CLIENTS = 20;
    private static final String LARGE = "/v1/topics/large";

    private static final TestDatabase DATABASE = TestPostgres.newDatabase();

    private static Hub hub;
    private static HttpApi api;

    private Trouble trouble;

    @BeforeAll
    static void start() {
        hub = Hub.start(DATABASE);
        api = HttpApi.of(hub);
        api.topic("bodies", 1);
        String records = api.topic("large", 1);
        String line = "{\"value\":\"" + "x".repeat(100_000) + "\"}\n";
        api.post(records, HttpApi.NDJSON, HttpApi.repeated(300, _ -> line)).hasStatus(200);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @BeforeEach
    void listen() {
        trouble = Trouble.listen();
    }

    @AfterEach
    void nothingIsLogged() {
        await().during(Duration.ofMillis(300)).until(() -> requests() == 0);
        trouble.close();
        assertThat(trouble.events()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POST /v1/topics/bodies/records, application/json",
        "POST /v1/topics/bodies/records, application/x-ndjson",
        "POST /v1/topics/bodies/records, text/plain",
        "POST /v1/topics, application/json",
        "PATCH /v1/topics/bodies, application/json",
    })
    void inTheMiddleOfARequestsBody(String request, String type) throws Exception {
        for (String framing : List.of("Content-Length: 1000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nff\r\n")) {
            for (String body : List.of("", "{\"value\":1}\n{\"va")) {
                for (int i = 0; i < CLIENTS; i++) {
                    RawHttp client = new RawHttp(hub);
                    client.send(request + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n" + framing
                            + body);
                    if (i % 2 == 0) {
                        // after the answer to another request the hub may have seen the beginning of the body
                        api.get("/v1/limits").hasStatus(200);
                    }
                    if (i % 4 < 2) {
                        client.reset();
                    } else {
                        client.close();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whileALongPollWaits(boolean reset) throws Exception {
        String records = api.topic("poll-" + reset, 1);
        List<RawHttp> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(get("/v1/topics/poll-" + reset + "/partitions/0/records?wait=20s", "*/*"));
            clients.add(get("/v1/topics/poll-" + reset + "/partitions/0/records?wait=20s", "application/x-ndjson"));
        }
        await().until(() -> requests() == clients.size());
        leave(clients, reset);
        awaitNoRequests();
        api.post(records, HttpApi.JSON, "{\"records\":[{\"value\":1}]}").hasStatus(200);
    }

    @Test
    void whileALongPollWaitsForATopicThatIsDeleted() throws Exception {
        api.topic("deleted", 1);
        List<RawHttp> clients = List.of(
                get("/v1/topics/deleted/partitions/0/records?wait=20s", HttpApi.JSON),
                get("/v1/topics/deleted/partitions/0/records?wait=20s", HttpApi.NDJSON));
        await().until(() -> requests() == 2);
        leave(clients, true);
        awaitNoRequests();
        api.send("DELETE", "/v1/topics/deleted", BodyPublishers.noBody()).hasStatus(204);
    }

    /** The client's departure and the read's failure are unrelated, but no client is left to be answered. */
    @ParameterizedTest
    @CsvSource({
        "/partitions/0/records?limit=1, application/json, false",
        "/partitions/0/records, application/x-ndjson, true",
        "/stream?from=earliest, text/event-stream, true",
    })
    void beforeAReadFails(String what, String accept, boolean begun) throws Exception {
        failingRead(
                what,
                accept,
                begun,
                client -> {
                    client.reset();
                    awaitNoRequests();
                },
                () -> {});
    }

    @ParameterizedTest
    @CsvSource({
        "/partitions/0/records?limit=1, application/json, false",
        "/partitions/0/records, application/x-ndjson, true",
        "/stream?from=earliest, text/event-stream, true",
    })
    void aReadThatFailsWhileItsClientWaitsIsTrouble(String what, String accept, boolean begun) throws Exception {
        failingRead(what, accept, begun, _ -> {}, () -> await().untilAsserted(() -> assertThat(trouble.events())
                .first()
                .asString()
                .containsPattern("ERROR .*(ProblemAnswer|SseStream)")
                .contains("PSQLException")));
        trouble.events().clear();
    }

    @ParameterizedTest
    @CsvSource({
        "/partitions/0/records?max_bytes=16777216, application/json",
        "/partitions/0/records, application/x-ndjson",
        "/stream?from=earliest, text/event-stream",
    })
    void whileAnAnswerIsWritten(String what, String accept) throws Exception {
        for (boolean reset : new boolean[] {true, false}) {
            List<RawHttp> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RawHttp client = get(LARGE + what, accept);
                client.awaitAnswer();
                clients.add(client);
            }
            leave(clients, reset);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whileAnEventStreamIsQuiet(boolean reset) throws Exception {
        String records = api.topic("quiet-" + reset, 1);
        List<RawHttp> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            RawHttp client = get("/v1/topics/quiet-" + reset + "/stream", "text/event-stream");
            client.awaitAnswer();
            clients.add(client);
        }
        await().until(() -> requests() == clients.size());
        leave(clients, reset);
        awaitNoRequests();
        api.post(records, HttpApi.JSON, "{\"records\":[{\"value\":1}]}").hasStatus(200);
    }

    @Test
    void afterARequestThatIsBeingStored() throws Exception {
        String body = "{\"records\":[{\"value\":1}]}";
        for (int i = 0; i < 5 * CLIENTS; i++) {
            RawHttp client = new RawHttp(hub);
            client.send(
                    "POST /v1/topics/bodies/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            client.reset();
        }
    }

    @Test
    void anErrorThatIsDroppedElsewhereIsTrouble() {
        Operators.onErrorDropped(new IllegalStateException("dropped"), Context.empty());

        assertThat(trouble.events())
                .singleElement()
                .asString()
                .contains("onErrorDropped", "IllegalStateException: dropped");
        trouble.events().clear();
    }

    private interface Step {
        void run(RawHttp client) throws Exception;
    }

    /**
     * A read that waits for a lock, before or after its answer has begun, and then finds that its table has changed.
     *
     * @param before done while it waits
     * @param after done before the client leaves
     */
    private static void failingRead(String what, String accept, boolean begun, Step before, Runnable after)
            throws Exception {
        try (Connection database =
                        DriverManager.getConnection(DATABASE.jdbcUrl(), DATABASE.username(), DATABASE.password());
                Statement statement = database.createStatement()) {
            database.setAutoCommit(false);
            if (!begun) {
                statement.execute("lock table millrace.record_batch");
            }
            RawHttp client = get(LARGE + what, accept);
            if (begun) {
                client.awaitAnswer();
                statement.execute("lock table millrace.record_batch");
                Thread.ofVirtual().start(client::drain);
            }
            try (client) {
                await("the read waits").until(() -> waiting(statement) == 1);
                before.run(client);
                statement.execute("alter table millrace.record_batch rename formats to forms");
                database.commit();
                after.run();
            } finally {
                statement.execute("alter table millrace.record_batch rename forms to formats");
                database.commit();
            }
        }
    }

    private static RawHttp get(String path, String accept) throws Exception {
        RawHttp client = new RawHttp(hub);
        client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n\r\n");
        return client;
    }

    private static void leave(List<RawHttp> clients, boolean reset) throws Exception {
        for (RawHttp client : clients) {
            if (reset) {
                client.reset();
            } else {
                client.close();
            }
        }
    }

    private static void awaitNoRequests() {
        await("the hub has seen that its clients are gone").until(() -> requests() == 0);
    }

    private static int requests() {
        return hub.bean(MeterRegistry.class).find("http.server.requests.active").longTaskTimers().stream()
                .mapToInt(LongTaskTimer::activeTasks)
                .sum();
    }

    private static int waiting(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database() and query ~ 'last_batch|bytes_before'"
                        + " and application_name <> 'millrace listener'")) {
            row.next();
            return row.getInt(1);
        }
    }
}
