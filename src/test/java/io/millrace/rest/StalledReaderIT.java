package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.budget.ClientMemory;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that request much and read nothing, and one whose answer is cut off. */
class StalledReaderIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int RECORD_BYTES = 1024 * 1024;
    private static final int RECORDS = 48;

    /** Records in the sockets' buffers and two chunks. */
    private static final int TAKEN = 16;

    private static final TestDatabase DATABASE = TestPostgres.newDatabase();

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start(DATABASE, "millrace.stream.stall-timeout=2s", "millrace.limits.client-memory=64MB");
        api = HttpApi.of(hub);
        fill("large", RECORDS, RECORD_BYTES - 100);
        fill("cut", RECORDS, RECORD_BYTES - 100);
        api.topic("huge", 1);
        api.patch("/v1/topics/huge", "{\"config\":{\"max_record_bytes\":16777216}}")
                .hasStatus(200);
        String value = "x".repeat(12 * RECORD_BYTES);
        api.post("/v1/topics/huge/records", HttpApi.JSON, "{\"records\":[{\"value\":\"" + value + "\"}]}")
                .hasStatus(200);
    }

    private static void fill(String topic, int records, int bytes) {
        String path = api.topic(topic, 1);
        String line = "{\"value\":\"" + "x".repeat(bytes) + "\"}\n";
        api.post(path, HttpApi.NDJSON, HttpApi.repeated(records, _ -> line)).hasStatus(200);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/topics/large/stream?from=earliest, text/event-stream",
        "/v1/topics/large/partitions/0/records, application/x-ndjson",
        "/v1/topics/huge/partitions/0/records?max_bytes=16777216, application/json",
    })
    void aClientThatReadsNothingIsSentLittleAndThenDisconnected(String path, String type) throws IOException {
        double stalled = broken("stalled");
        double records = records();
        try (RawHttp client = new RawHttp(hub)) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: " + type + "\r\n\r\n");
            await().atMost(DEADLINE).until(() -> records() > records);
            await().atMost(DEADLINE).until(() -> broken("stalled") > stalled);

            assertThat(records() - records).isLessThan(TAKEN);
        }
        await().atMost(DEADLINE).until(() -> hub.bean(ClientMemory.class).held() == 0);
    }

    @Test
    void anAnswerThatCannotContinueEndsVisiblyIncomplete() throws IOException, SQLException {
        double failed = broken("failed");
        try (RawHttp client = new RawHttp(hub)) {
            client.send("GET /v1/topics/cut/partitions/0/records HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + "Accept: application/x-ndjson\r\n\r\n");
            client.awaitAnswer();
            // From here on no page can be read.
            sql("alter table millrace.record_batch rename to gone");

            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
        await().atMost(DEADLINE).until(() -> broken("failed") > failed);
        sql("alter table millrace.gone rename to record_batch");
    }

    private static void sql(String statement) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(DATABASE.jdbcUrl(), DATABASE.username(), DATABASE.password());
                Statement change = connection.createStatement()) {
            change.execute(statement);
        }
    }

    private static double broken(String reason) {
        return hub.bean(MeterRegistry.class)
                .get("millrace.answers.broken")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static double records() {
        return hub.bean(MeterRegistry.class)
                .get("millrace.fetch.records")
                .counter()
                .count();
    }
}
