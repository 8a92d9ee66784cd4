package io.millrace.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.database.DedicatedConnections;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that freezes while it cleans does not keep others from cleaning. */
@Timeout(120)
class SegmentsIT {

    private final TestDatabase database = TestPostgres.newDatabase();
    private final DedicatedConnections connections = new DedicatedConnections(database.connectionDetails());
    private final Segments segments = new Segments(connections);

    @Test
    void theServerEndsATransactionInWhichTheCleanerFreezes() throws Exception {
        assertThatTheServerEnds("idle_in_transaction_session_timeout", "10s", connection -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
            }
        });
    }

    @Test
    void theServerEndsTheSessionOfACleanerThatFreezesBetweenTwoTransactions() throws Exception {
        assertThatTheServerEnds("idle_session_timeout", "1min", _ -> {});
    }

    @FunctionalInterface
    private interface Freeze {
        void on(Connection connection) throws SQLException;
    }

    /** The timeout is shortened once it is known to be right: nobody waits a minute for a test. */
    private void assertThatTheServerEnds(String timeout, String value, Freeze freeze) throws Exception {
        AtomicReference<String> set = new AtomicReference<>();
        AtomicBoolean another = new AtomicBoolean();
        segments.tryRun(_ -> {}, store -> store.jdbc().execute((Connection connection) -> {
            try (Statement statement = connection.createStatement()) {
                set.set(show(statement, timeout));
                statement.execute("set " + timeout + " = '100ms'");
            }
            freeze.on(connection);

            await().until(() -> new Segments(connections).tryRun(_ -> {}, _ -> another.set(true)));
            assertThat(connection.isValid(1)).isFalse();
            return true;
        }));

        assertThat(set).hasValue(value);
        assertThat(another).isTrue();
    }

    private static String show(Statement statement, String setting) throws SQLException {
        try (var row = statement.executeQuery("show " + setting)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }
}
