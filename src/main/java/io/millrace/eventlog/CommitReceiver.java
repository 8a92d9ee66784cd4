package io.millrace.eventlog;

import io.millrace.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of other nodes' commits on one LISTEN connection and, as the net below it, looks at the heads that somebody on
 * this node waits for. One thread calls {@link #round} again and again; when PostgreSQL goes away the connection is
 * opened anew and everything watched is looked at once.
 */
final class CommitReceiver {

    /** The application name by which the nodes count each other. */
    private static final String PURPOSE = "listener";

    private final LogConnections connections;
    private final CommitNotifier notifier;
    private final List<CommitListener> listeners;
    private final ClusterProperties properties;
    private final LongSupplier nanoTime;
    private final Sql sql = Sql.of(CommitReceiver.class);
    private @Nullable Connection connection;
    private long polledAt;
    private long countedAt;

    CommitReceiver(
            LogConnections connections,
            CommitNotifier notifier,
            List<CommitListener> listeners,
            ClusterProperties properties,
            LongSupplier nanoTime) {
        this.connections = connections;
        this.notifier = notifier;
        this.listeners = listeners;
        this.properties = properties;
        this.nanoTime = nanoTime;
    }

    /** Waits for notifications, no longer than until the heads are to be looked at. */
    void round() throws SQLException {
        Connection open = connect();
        try {
            listen(open);
            long now = nanoTime.getAsLong();
            if (now - polledAt >= properties.pollInterval().toNanos()) {
                poll(open);
                polledAt = now;
            }
            if (now - countedAt >= properties.censusInterval().toNanos()) {
                count(open);
                countedAt = now;
            }
        } catch (SQLException failure) {
            close();
            throw failure;
        }
    }

    void close() {
        if (connection != null) {
            LogConnections.close(connection);
            connection = null;
        }
    }

    private Connection connect() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connections.open(PURPOSE, "set jit = off");
            connection = open;
            try (Statement listen = open.createStatement()) {
                listen.execute("listen " + CommitNotifier.CHANNEL);
                poll(open);
                count(open);
            } catch (SQLException failure) {
                close();
                throw failure;
            }
            polledAt = nanoTime.getAsLong();
            countedAt = polledAt;
        }
        return open;
    }

    private void listen(Connection open) throws SQLException {
        long wait = Math.max(1, (polledAt + properties.pollInterval().toNanos() - nanoTime.getAsLong()) / 1_000_000);
        PGNotification[] notifications = open.unwrap(PGConnection.class)
                .getNotifications((int) Math.min(wait, properties.pollInterval().toMillis()));
        if (notifications != null) {
            for (PGNotification notification : notifications) {
                for (CommitListener listener : listeners) {
                    notifier.received(notification.getParameter(), listener);
                }
            }
        }
    }

    private void poll(Connection open) throws SQLException {
        for (CommitListener listener : listeners) {
            Collection<Integer> watched = listener.watched();
            if (!watched.isEmpty()) {
                poll(open, listener, new HashSet<>(watched));
            }
        }
    }

    private void poll(Connection open, CommitListener listener, Set<Integer> missing) throws SQLException {
        try (PreparedStatement select = open.prepareStatement(sql.text("select-watched-heads"))) {
            select.setArray(1, open.createArrayOf("int", missing.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    missing.remove(row.getInt(1));
                    listener.advanced(
                            row.getInt(1), new PartitionBounds(row.getInt(2), row.getLong(3), row.getLong(4)));
                }
            }
        }
        missing.forEach(listener::removed);
    }

    private void count(Connection open) throws SQLException {
        try (PreparedStatement select = open.prepareStatement(sql.text("count-other-listeners"))) {
            try (ResultSet row = select.executeQuery()) {
                row.next();
                notifier.others(row.getLong(1) > 0);
            }
        }
    }
}
