package io.millrace.eventlog;

import io.millrace.database.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Hears of other nodes' commits on one LISTEN connection and, as the net below it, looks at the heads that somebody on
 * this node waits for. One thread calls {@link #round} again and again; when PostgreSQL goes away the connection is
 * opened anew and everything watched is looked at once.
 */
final class CommitReceiver {

    /** The application name by which the nodes count each other. */
    private static final String PURPOSE = "listener";

    /**
     * So many times as long as a look has taken there is none, so that thousands of partitions do not keep PostgreSQL
     * busy.
     */
    private static final int REST = 20;

    private static final Duration LONGEST_REST = Duration.ofSeconds(2);

    private record Link(Connection connection, PartitionEnds ends) {}

    private final LogConnections connections;
    private final CommitNotifier notifier;
    private final List<PartitionWatcher> watchers;
    private final ClusterProperties properties;
    private final LongSupplier nanoTime;
    private final Sql sql = Sql.of(CommitReceiver.class);
    private @Nullable Link link;
    private long pollDue;
    private long countedAt;

    CommitReceiver(
            LogConnections connections,
            CommitNotifier notifier,
            List<PartitionWatcher> watchers,
            ClusterProperties properties,
            LongSupplier nanoTime) {
        this.connections = connections;
        this.notifier = notifier;
        this.watchers = watchers;
        this.properties = properties;
        this.nanoTime = nanoTime;
    }

    /** Waits for notifications, no longer than until the heads are to be looked at. */
    void round() throws SQLException {
        Link open = connect();
        try {
            listen(open.connection());
            long now = nanoTime.getAsLong();
            if (now - pollDue >= 0) {
                poll(open.ends());
            }
            if (now - countedAt >= properties.censusInterval().toNanos()) {
                count(open.connection());
                countedAt = now;
            }
        } catch (SQLException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    void close() {
        Link open = link;
        if (open != null) {
            LogConnections.close(open.connection());
            link = null;
        }
    }

    private Link connect() throws SQLException {
        Link open = link;
        if (open == null) {
            Connection connection = connections.open(PURPOSE, "set jit = off");
            open = new Link(connection, new PartitionEnds(only(connection)));
            link = open;
            try (Statement listen = connection.createStatement()) {
                listen.execute("listen " + CommitNotifier.CHANNEL);
                poll(open.ends());
                count(connection);
            } catch (SQLException | RuntimeException failure) {
                close();
                throw failure;
            }
            countedAt = nanoTime.getAsLong();
        }
        return open;
    }

    private static JdbcClient only(Connection connection) {
        return JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    private void listen(Connection open) throws SQLException {
        long wait = Math.max(1, (pollDue - nanoTime.getAsLong()) / 1_000_000);
        PGNotification[] notifications = open.unwrap(PGConnection.class)
                .getNotifications((int) Math.min(wait, properties.pollInterval().toMillis()));
        if (notifications != null) {
            for (PGNotification notification : notifications) {
                for (PartitionWatcher watcher : watchers) {
                    notifier.received(notification.getParameter(), watcher);
                }
            }
        }
    }

    private void poll(PartitionEnds ends) {
        long begun = nanoTime.getAsLong();
        for (PartitionWatcher watcher : watchers) {
            Collection<Integer> watched = watcher.watched();
            if (!watched.isEmpty()) {
                Map<Integer, PartitionBounds> bounds = ends.read(watched);
                bounds.forEach(watcher::advanced);
                watched.stream().filter(id -> !bounds.containsKey(id)).forEach(watcher::removed);
            }
        }
        long now = nanoTime.getAsLong();
        long rest = Math.min(REST * (now - begun), LONGEST_REST.toNanos());
        pollDue = now + Math.max(rest, properties.pollInterval().toNanos());
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
