package io.millrace.cluster;

import io.millrace.database.DedicatedConnections;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Hears on one connection of the changes that other nodes make, and has each {@link ChangeSubscriber} look for itself
 * now and then, on the same connection. A connection that was lost is opened anew, and all subscribers look at once:
 * they have missed what was said meanwhile. One thread calls {@link #round} again and again.
 */
final class ChangeFeed {

    /** The longest wait for a notification, so that the loop can be stopped. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

    /** A subscriber, and when it looks next. */
    private static final class Subscription {

        final ChangeSubscriber subscriber;
        Deadline due;

        Subscription(ChangeSubscriber subscriber, Deadline due) {
            this.subscriber = subscriber;
            this.due = due;
        }
    }

    private record Link(Connection connection, JdbcClient jdbc) {}

    private final Node node;
    private final DedicatedConnections connections;
    private final List<Subscription> subscriptions;
    private final Ticker ticker;
    private @Nullable Link link;

    ChangeFeed(Node node, DedicatedConnections connections, List<ChangeSubscriber> subscribers, Ticker ticker) {
        this.node = node;
        this.connections = connections;
        this.subscriptions = subscribers.stream()
                .map(subscriber -> new Subscription(subscriber, ticker.in(Duration.ZERO)))
                .toList();
        this.ticker = ticker;
    }

    /** Waits for notifications, at most until a subscriber is to look. */
    void round() throws SQLException {
        Link open = connect();
        try {
            listen(open.connection());
            for (Subscription subscription : subscriptions) {
                if (subscription.due.isOver()) {
                    subscription.due = ticker.in(subscription.subscriber.look(open.jdbc()));
                }
            }
        } catch (SQLException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    void close() {
        Link open = link;
        if (open != null) {
            DedicatedConnections.close(open.connection());
            link = null;
        }
    }

    private Link connect() throws SQLException {
        Link open = link;
        if (open == null) {
            Connection connection = connections.open("listener", "set jit = off");
            open = new Link(connection, JdbcClient.create(new SingleConnectionDataSource(connection, true)));
            link = open;
            try (Statement listen = connection.createStatement()) {
                listen.execute("listen " + ChangeNotifier.CHANNEL);
            } catch (SQLException failure) {
                close();
                throw failure;
            }
            subscriptions.forEach(subscription -> subscription.due = ticker.in(Duration.ZERO));
        }
        return open;
    }

    private void listen(Connection open) throws SQLException {
        long wait = LONGEST_WAIT.toNanos();
        for (Subscription subscription : subscriptions) {
            wait = Math.min(wait, subscription.due.nanosLeft());
        }
        int millis = Math.max(1, Math.toIntExact(Duration.ofNanos(wait).toMillis()));
        PGNotification[] notifications = open.unwrap(PGConnection.class).getNotifications(millis);
        if (notifications != null) {
            for (PGNotification notification : notifications) {
                hear(ChangeMessage.parse(notification.getParameter()));
            }
        }
    }

    private void hear(@Nullable ChangeMessage message) {
        if (message == null || message.node().equals(node.name())) {
            return;
        }
        if (!message.node().equals(ChangeMessage.SQL)) {
            node.met();
        }
        for (Subscription subscription : subscriptions) {
            if (subscription.subscriber.kind().equals(message.kind())) {
                message.versions().forEach(subscription.subscriber::changed);
            }
        }
    }
}
