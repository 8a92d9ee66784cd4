package io.millrace.faults;

import io.millrace.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Blocks every append to a database until it is closed. */
final class LogLock implements AutoCloseable {

    private final Connection connection;

    private LogLock(Connection connection) {
        this.connection = connection;
    }

    static LogLock take(TestDatabase database) throws SQLException {
        Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1 from millrace.partition_head for update");
        }
        return new LogLock(connection);
    }

    /** The number of appends that wait for it. */
    int waiting() throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select count(*) from pg_stat_activity where datname = current_database()"
                                + " and wait_event_type = 'Lock'")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
