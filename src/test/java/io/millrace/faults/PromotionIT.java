package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.EventStream;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls.Following;
import io.millrace.client.RefusedException;
import io.millrace.client.message.Frame;
import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.embeddedpostgres.Follower;
import io.millrace.event.Acks;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The primary is lost with records that its follower has not, and the follower is promoted. Nobody who had read the
 * lost records misses those that get the same offsets later.
 */
class PromotionIT {

    private static final Duration SECONDS = Duration.ofSeconds(30);
    private static final String TOPIC = "orders";
    private static final int KEPT = 5;
    private static final int LOST = 3;

    @TempDir
    private Path home;

    @Test
    void aPromotionThatLosesRecordsIsSeenByReaders() throws Exception {
        try (EmbeddedPostgres primary = EmbeddedPostgres.start(
                home,
                TestPostgres.unpacked(),
                EmbeddedPostgresProperties.defaults().withFollowers(1))) {
            Follower follower = primary.followers().getFirst();
            TestDatabase both = new TestDatabase(
                    "jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:" + follower.port()
                            + "/millrace?sslmode=disable",
                    primary.username(),
                    primary.password());
            try (Hub hub = Hub.start(both)) {
                HubClient client = hub.client();
                client.topics().create(TOPIC, 1, Map.of());
                for (int i = 0; i < KEPT; i++) {
                    awaitStored(client, Acks.ALL, "kept-" + i);
                }
                try (EventStream stream = client.records().follow(TOPIC, Following.from("earliest"))) {
                    long sender = number(primary.jdbcUrl(), primary, "select pid from pg_stat_replication");
                    try (HubProcess.Frozen _ = HubProcess.freeze(sender)) {
                        for (int i = 0; i < LOST; i++) {
                            produce(client, Acks.LEADER, "lost-" + i);
                        }
                        assertThat(values(stream, KEPT + LOST)).endsWith("lost-2");
                        loseForEver(primary);
                        // Or it would send the rest when it goes on.
                        kill(sender);
                    }
                    number(follower.jdbcUrl("millrace"), primary, "select pg_promote()::int");
                    // One more than were lost: a reader that was told nothing would begin with the last of them.
                    for (int i = 0; i <= LOST; i++) {
                        awaitStored(client, Acks.LEADER, "new-" + i);
                    }

                    assertThat(reset(stream)).isEqualTo(KEPT);
                    assertThat(values(stream, LOST + 1)).containsExactly("new-0", "new-1", "new-2", "new-3");
                }
                assertThat(number(
                                follower.jdbcUrl("millrace"),
                                primary,
                                "select first_offset from millrace.partition_epoch where leader_epoch = 1"))
                        .isEqualTo(KEPT);
            }
        }
    }

    /** Kills the server and takes its data away, so that it is not restarted. */
    private static void loseForEver(EmbeddedPostgres primary) throws Exception {
        Files.move(primary.dataDirectory(), primary.dataDirectory().resolveSibling("lost"));
        kill(primary.pid());
    }

    private static void kill(long pid) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
    }

    private static void produce(HubClient client, Acks acks, String value) throws Exception {
        byte[] body = ("{\"records\":[{\"value\":\"" + value + "\"}]}").getBytes(StandardCharsets.UTF_8);
        client.records().produce(TOPIC, body, acks);
    }

    private static void awaitStored(HubClient client, Acks acks, String value) {
        await().atMost(SECONDS).pollInterval(Duration.ofMillis(100)).until(() -> {
            try {
                produce(client, acks, value);
                return true;
            } catch (RefusedException | NoAnswerException notNow) {
                return false;
            }
        });
    }

    private static List<String> values(EventStream stream, int count) throws Exception {
        List<String> values = new ArrayList<>();
        while (values.size() < count) {
            if (next(stream) instanceof Frame.Records records) {
                records.page()
                        .records()
                        .forEach(record ->
                                values.add(new String(record.value(), StandardCharsets.UTF_8).replace("\"", "")));
            }
        }
        return values;
    }

    /** Where the stream goes on after a gap; fails if a record comes before that is told. */
    private static long reset(EventStream stream) throws Exception {
        while (true) {
            Frame frame = next(stream);
            assertThat(frame).isNotInstanceOf(Frame.Records.class);
            if (frame instanceof Frame.Reset reset) {
                return reset.partitions().getFirst().nextOffset();
            }
        }
    }

    private static Frame next(EventStream stream) throws Exception {
        Frame.Event event = stream.next(SECONDS);
        assertThat(event).as("the stream goes on").isNotNull();
        return event.frame();
    }

    private static long number(String url, EmbeddedPostgres login, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, login.username(), login.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
