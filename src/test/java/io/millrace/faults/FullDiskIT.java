package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.client.Answer;
import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.verify.history.Attempt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The disk is full, for the log only: the file of the newest segment's table is {@code /dev/full}, where writes fail as
 * on a full disk.
 */
class FullDiskIT {

    private static final Path FULL = Path.of("/dev/full");
    private static final String TOPIC = "full";

    /** The limit is five seconds; the machine may be busy with other builds. */
    private static final Duration ANSWERED = Duration.ofSeconds(12);

    private static final Duration BACK = Duration.ofSeconds(30);

    @TempDir
    private Path home;

    @Test
    void appendsFailWhileReadsWorkAndResumeOnceThereIsSpace() throws Exception {
        assumeTrue(Files.exists(FULL), "this system has no /dev/full");
        try (EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(home, TestPostgres.unpacked(), EmbeddedPostgresProperties.defaults());
                HubProcess hub = HubProcess.onDatabase(
                        "full",
                        new TestDatabase(postgres.jdbcUrl(), postgres.username(), postgres.password()),
                        512,
                        "millrace.segment.max-age=1s",
                        "millrace.segment.check-interval=100ms");
                Connection admin =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password())) {
            hub.awaitReady();
            HubCalls client = new HubCalls(hub);
            client.createTopic(TOPIC, 1);
            assertThat(produce(client, 0)).isEqualTo(Attempt.OK);
            await().atMost(BACK).until(() -> number(admin, "select min(segment) from millrace.partition_head") == 2);
            Path table = postgres.dataDirectory()
                    .resolve(text(admin, "select pg_relation_filepath('millrace.record_batch_2')"));
            Path room = home.resolve("room");

            execute(admin, "checkpoint");
            Files.move(table, room);
            Files.createSymbolicLink(table, FULL);
            reopenFiles(admin);
            // The lane notices within a second that its connection has ended. Until then outcomes are unknown.
            await().atMost(BACK).until(() -> produce(client, 1).equals("503 storage_unavailable"));
            for (int i = 2; i <= 5; i++) {
                assertThat(produce(client, i)).isEqualTo("503 storage_unavailable");
            }
            assertThat(client.produce(TOPIC, record(5), ANSWERED).text())
                    .contains("PostgreSQL's disk is full; nothing was stored");
            assertThat(values(client)).containsExactly(0);
            assertThat(client.status("/actuator/health/liveness")).isEqualTo(200);
            client.createTopic("another", 1);
            assertThat(hub.log()).contains("No space left on device");

            Files.move(room, table, StandardCopyOption.REPLACE_EXISTING);
            reopenFiles(admin);
            await().atMost(BACK).until(() -> produce(client, 6).equals(Attempt.OK));
            assertThat(produce(client, 7)).isEqualTo(Attempt.OK);
            assertThat(values(client)).containsExactly(0, 6, 7);
        }
    }

    /** PostgreSQL's backends keep files open; new connections get new backends. */
    private static void reopenFiles(Connection admin) throws Exception {
        execute(
                admin,
                "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
                        + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
    }

    private static String produce(HubCalls client, int value) throws Exception {
        return HubCalls.said(client.produce(TOPIC, record(value), ANSWERED));
    }

    private static byte[] record(int value) {
        return "{\"records\":[{\"value\":%d}]}".formatted(value).getBytes(StandardCharsets.UTF_8);
    }

    private static List<Integer> values(HubCalls client) throws Exception {
        Answer answer = client.read(TOPIC, 0, "offset=0");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<Integer> values = new ArrayList<>();
        for (JsonNode record : HubCalls.json(answer).path("records")) {
            assertThat(record.path("offset").asInt()).isEqualTo(values.size());
            values.add(record.path("value").asInt());
        }
        return values;
    }

    private static void execute(Connection admin, String sql) throws Exception {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection admin, String sql) throws Exception {
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private static int number(Connection admin, String sql) throws Exception {
        String number = text(admin, sql);
        return number.equals("null") ? 0 : Integer.parseInt(number);
    }
}
