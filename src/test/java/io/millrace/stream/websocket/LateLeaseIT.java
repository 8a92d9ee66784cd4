package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stream.StreamTopics;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A node whose lease is renewed after the node has stopped relying on it, but before it expires for others. */
class LateLeaseIT {

    /** The node stops relying on its lease when a fifth of it is left. */
    private static final long GIVEN_UP_MILLIS = 700;

    @Test
    void recordsHeldBackWhileTheLeaseIsLateAreDeliveredAfterwards() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (Hub hub = Hub.start(database, "millrace.cluster.lease=4s");
                Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password())) {
            Topic topic = hub.createTopic("late", 1);
            try (WsClient member = WsClient.connect(hub)
                    .send("{'type':'subscribe','id':'s','topics':['late'],'group':'late','credits':100}")) {
                member.next("assigned");
                connection.setAutoCommit(false);
                lock(connection);
                await().pollInterval(Duration.ofMillis(10)).until(() -> millisLeft(connection) < GIVEN_UP_MILLIS);
                StreamTopics.appendTo(hub, topic, 0, 1);
                JsonNode meanwhile = member.next(Duration.ofMillis(GIVEN_UP_MILLIS / 2));
                assertThat(meanwhile == null
                                || !meanwhile.get("type").asString().equals("records"))
                        .as("%s", meanwhile)
                        .isTrue();
                connection.commit();
                StreamTopics.appendTo(hub, topic, 0, 1);

                // On a slow machine the membership is lost and starts again: even then no record is missing.
                JsonNode frame = member.next();
                while (!frame.get("type").asString().equals("records")) {
                    frame = member.next();
                }
                assertThat(frame.get("records").get(0).get("offset").longValue())
                        .isZero();
            }
        }
    }

    private static void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select from millrace.node for update");
        }
    }

    private static long millisLeft(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select extract(epoch from max(lease_until) - clock_timestamp())"
                        + " * 1000 from millrace.node")) {
            row.next();
            return row.getLong(1);
        }
    }
}
