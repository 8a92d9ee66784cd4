package io.millrace.eventlog;

import java.sql.Connection;
import java.sql.SQLException;

/** Is told that another server leads now, in the transaction that raises the epoch. */
@FunctionalInterface
public interface LeaderListener {

    /**
     * The epoch has been raised: {@code partition_epoch} says where each partition ends now.
     *
     * @param connection with the transaction; it is neither committed nor closed by the listener
     */
    void leaderChanged(Connection connection, int leaderEpoch) throws SQLException;
}
