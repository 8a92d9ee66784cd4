package io.millrace.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/**
 * Opens the connections that do not come from the pool: the append lanes', the listener's and the notifier's. Each has
 * one owner, which keeps it open so that its prepared statements stay prepared. The driver's options are in the URL.
 */
@Component
public final class DedicatedConnections {

    private static final Logger log = LoggerFactory.getLogger(DedicatedConnections.class);

    /**
     * A silent server or network is given up after this time. It is above the longest commit seen during a checkpoint,
     * and below the clients' timeouts.
     */
    private static final int SILENCE_MILLIS = 5_000;

    /**
     * Set regardless of the database's default: after waiting for a lock, a statement must see what others committed
     * meanwhile. With one snapshot for the whole transaction, two appends would get the same offsets.
     */
    private static final String A_SNAPSHOT_FOR_EACH_STATEMENT =
            "set default_transaction_isolation = 'read committed'; ";

    /**
     * A commit returns when the primary has flushed it, whatever the server's own setting: it never waits for a
     * standby, which may take for ever. Who needs standbys waits for them afterwards.
     */
    static final String LOCAL_COMMITS = "set synchronous_commit = local";

    /** pgjdbc limits its output buffer to 8 KiB by default: an append would need a system call for every 8 KiB. */
    private static final int SEND_BUFFER_BYTES = 262_144;

    private final JdbcConnectionDetails details;
    private final org.postgresql.Driver driver = new org.postgresql.Driver();

    public DedicatedConnections(JdbcConnectionDetails details) {
        this.details = details;
    }

    /**
     * Opens a connection to the primary, in autocommit mode.
     *
     * @param purpose what it is for, shown after {@code millrace} in {@code pg_stat_activity.application_name}
     * @param settings of the session, as SQL: {@code set synchronous_commit = local}
     */
    public Connection open(String purpose, String settings) throws SQLException {
        Properties properties = new Properties();
        String username = details.getUsername();
        String password = details.getPassword();
        if (username != null) {
            properties.setProperty("user", username);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("sendBufferSize", Integer.toString(4 * SEND_BUFFER_BYTES));
        properties.setProperty("maxSendBufferSize", Integer.toString(SEND_BUFFER_BYTES));
        Connection connection = driver.connect(details.getJdbcUrl(), properties);
        if (connection == null) {
            throw new SQLException("not a PostgreSQL URL: " + details.getJdbcUrl());
        }
        // Not in the properties: the URL's options would override them.
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
            connection.setClientInfo("ApplicationName", "millrace " + purpose);
            statement.execute(A_SNAPSHOT_FOR_EACH_STATEMENT + LOCAL_COMMITS + "; " + settings);
        } catch (SQLException failure) {
            close(connection);
            throw failure;
        }
        return connection;
    }

    /** Closes a connection that may be broken, ignoring failures. */
    public static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException failure) {
            log.debug("a connection did not close cleanly", failure);
        }
    }
}
