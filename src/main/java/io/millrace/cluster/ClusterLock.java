package io.millrace.cluster;

import io.millrace.database.DedicatedConnections;
import io.millrace.database.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Lets one node at a time do some work on the database. The lock is held by the session that does the work, so neither
 * outlives the other: a frozen node keeps both or, once PostgreSQL has given up its connection, neither. No clock is
 * involved.
 */
public final class ClusterLock {

    /** What is done while the lock is held. */
    @FunctionalInterface
    public interface Work {

        /** @param connection the one that holds the lock, in autocommit mode */
        void run(Connection connection) throws SQLException, InterruptedException;
    }

    private final DedicatedConnections connections;
    private final long key;
    private final String purpose;
    private final String settings;
    private final Sql sql = Sql.of(ClusterLock.class);

    /**
     * @param key the number of the advisory lock, a different one for each kind of work
     * @param purpose and settings of the connection, see {@link DedicatedConnections#open}
     */
    public ClusterLock(DedicatedConnections connections, long key, String purpose, String settings) {
        this.connections = connections;
        this.key = key;
        this.purpose = purpose;
        this.settings = settings;
    }

    /**
     * Does the work unless another node is doing it.
     *
     * @return whether it was done
     * @throws InterruptedException if the work does
     */
    public boolean tryRun(Work work) throws SQLException, InterruptedException {
        try (Connection connection = connections.open(purpose, settings)) {
            if (!lock(connection)) {
                return false;
            }
            work.run(connection);
            return true;
        }
    }

    private boolean lock(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql.text("try-lock"))) {
            query.setLong(1, key);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
