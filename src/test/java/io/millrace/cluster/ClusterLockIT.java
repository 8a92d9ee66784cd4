package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.database.DedicatedConnections;
import io.millrace.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class ClusterLockIT {

    private static final long KEY = 4711;

    private final DedicatedConnections connections =
            new DedicatedConnections(TestPostgres.newDatabase().connectionDetails());
    private final ClusterLock one = new ClusterLock(connections, KEY, "one", "");
    private final ClusterLock other = new ClusterLock(connections, KEY, "other", "");
    private final List<String> done = new ArrayList<>();

    @Test
    void oneNodeAtATimeDoesTheWork() throws Exception {
        boolean first = one.tryRun(_ -> {
            assertThat(other.tryRun(_ -> done.add("other"))).isFalse();
            done.add("one");
        });

        assertThat(first).isTrue();
        assertThat(other.tryRun(_ -> done.add("other"))).isTrue();
        assertThat(done).containsExactly("one", "other");
    }

    @Test
    void workThatFailsReleasesTheLock() throws Exception {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> one.tryRun(_ -> {
                    throw new SQLException("half done");
                }));

        assertThat(other.tryRun(_ -> done.add("other"))).isTrue();
    }

    @Test
    void otherWorkGoesOnMeanwhile() throws Exception {
        ClusterLock another = new ClusterLock(connections, KEY + 1, "another", "");

        one.tryRun(_ -> assertThat(another.tryRun(_ -> done.add("another"))).isTrue());

        assertThat(done).containsExactly("another");
    }

    /** A node that is cut off cannot go on with what another one has begun. */
    @Test
    void aNodeThatLosesTheConnectionLosesBothTheLockAndTheWork() throws Exception {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> one.tryRun(connection -> {
                    cut(connection);
                    assertThat(other.tryRun(_ -> done.add("other"))).isTrue();
                    try (var write = connection.createStatement()) {
                        write.execute("create table half_done ()");
                    }
                }));

        assertThat(done).containsExactly("other");
    }

    /** Has PostgreSQL end the connection, and waits until it has. */
    private void cut(Connection connection) throws SQLException {
        int session = connection.unwrap(PGConnection.class).getBackendPID();
        connections
                .open("killer", "select pg_terminate_backend(" + session + ", 10000)")
                .close();
    }
}
