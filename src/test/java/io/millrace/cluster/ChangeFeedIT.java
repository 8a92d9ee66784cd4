package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.database.DedicatedConnections;
import io.millrace.testing.TestPostgres;
import io.millrace.time.SettableTicker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A feed whose rounds and clock the tests drive. */
class ChangeFeedIT {

    private static final class Follower implements ChangeSubscriber {

        private final String kind;
        private final Duration interval;
        private final List<String> heard = new ArrayList<>();
        private int looks;
        private boolean failing;

        Follower(String kind, Duration interval) {
            this.kind = kind;
            this.interval = interval;
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public void changed(int id, long version) {
            heard.add(id + ":" + version);
        }

        @Override
        public Duration look(JdbcClient database) {
            if (failing) {
                throw new IllegalStateException("cannot look");
            }
            looks += database.sql("select 1").query(Integer.class).single();
            return interval;
        }
    }

    private final SettableTicker ticker = SettableTicker.standing();
    private final DedicatedConnections connections =
            new DedicatedConnections(TestPostgres.newDatabase().connectionDetails());
    private final Node node = new Node(new NoRows(), Duration.ofSeconds(10), ticker);
    private final Follower apples = new Follower("apple", Duration.ofMinutes(1));
    private final Follower pears = new Follower("pear", Duration.ofMinutes(3));
    private final ChangeFeed feed = new ChangeFeed(node, connections, List.of(apples, pears), ticker);

    @AfterEach
    void close() {
        feed.close();
    }

    @Test
    void eachSubscriberLooksAtOnceAndAgainWhenItsTimeHasCome() throws SQLException {
        feed.round();
        assertThat(apples.looks).isEqualTo(1);
        assertThat(pears.looks).isEqualTo(1);

        ticker.advance(Duration.ofMinutes(1).minusNanos(1));
        feed.round();
        assertThat(apples.looks).isEqualTo(1);

        ticker.advance(Duration.ofNanos(1));
        feed.round();
        assertThat(apples.looks).isEqualTo(2);
        assertThat(pears.looks).isEqualTo(1);

        ticker.advance(Duration.ofMinutes(2));
        feed.round();
        assertThat(apples.looks).isEqualTo(3);
        assertThat(pears.looks).isEqualTo(2);
    }

    @Test
    void allLookAtOnceWhenTheConnectionIsNew() throws SQLException {
        feed.round();
        cutTheFeedOff();
        assertThatExceptionOfType(SQLException.class).isThrownBy(feed::round);

        feed.round();

        assertThat(apples.looks).isEqualTo(2);
        assertThat(pears.looks).isEqualTo(2);
        tell("another;pear;3:4,");
        feed.round();
        assertThat(pears.heard).containsExactly("3:4");
    }

    @Test
    void afterALookThatFailedAllLookOnANewConnection() throws SQLException {
        feed.round();
        ticker.advance(Duration.ofMinutes(1));
        apples.failing = true;
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(feed::round);
        apples.failing = false;

        feed.round();

        assertThat(apples.looks).isEqualTo(2);
        assertThat(pears.looks).isEqualTo(2);
    }

    @Test
    void aChangeIsToldToTheSubscriberOfItsKind() throws SQLException {
        feed.round();
        tell("another;apple;1:10,2:20,");
        tell("another;pear;-1:5,");
        tell("another;plum;7:70,");

        feed.round();

        assertThat(apples.heard).containsExactly("1:10", "2:20");
        assertThat(pears.heard).containsExactly("-1:5");
    }

    @Test
    void aNodeDoesNotHearItself() throws SQLException {
        feed.round();
        tell(node.name() + ";apple;1:10,");
        feed.round();
        assertThat(apples.heard).isEmpty();
        assertThat(node.hasPeers()).isFalse();

        tell("another;plum;1:11,");
        feed.round();

        assertThat(apples.heard).isEmpty();
        assertThat(node.hasPeers()).isTrue();
    }

    @Test
    void payloadsThatAreNotMessagesAreSkipped() throws SQLException {
        feed.round();
        tell("");
        tell("{\"apple\":1}");
        tell("another;apple;1:x,");
        tell("another;apple;1:10,");

        feed.round();

        assertThat(apples.heard).containsExactly("1:10");
        assertThat(apples.looks).isEqualTo(1);
    }

    private void tell(String payload) throws SQLException {
        try (Connection other = connections.open("other", "")) {
            client(other)
                    .sql("select pg_notify('millrace_changes', ?)::text")
                    .param(payload)
                    .query(String.class)
                    .list();
        }
    }

    private void cutTheFeedOff() throws SQLException {
        try (Connection other = connections.open("other", "")) {
            assertThat(client(other)
                            .sql("select pg_terminate_backend(pid, 10000) from pg_stat_activity"
                                    + " where datname = current_database() and application_name = 'millrace listener'")
                            .query(Boolean.class)
                            .single())
                    .isTrue();
        }
    }

    private static JdbcClient client(Connection connection) {
        return JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }
}
