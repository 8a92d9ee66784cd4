package io.millrace.cluster;

import io.millrace.database.DedicatedConnections;
import io.millrace.database.Sql;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other nodes what this one has changed, once it is committed. A message is only a hint that makes the others
 * quick, so one that cannot be sent is dropped: they look by themselves as well. A node that is alone sends none.
 *
 * <p>Any thread may {@link #publish}; one calls {@link #round} again and again.
 */
final class ChangeNotifier implements ChangePublisher {

    static final String CHANNEL = "millrace_changes";

    /** A commit that only notifies has nothing to flush. */
    private static final String SETTINGS = "set synchronous_commit = off";

    /** In one message: PostgreSQL takes payloads under 8,000 bytes, and this leaves 300 for node and kind. */
    static final int MOST_CHANGES = 7_700 / ChangeMessage.LONGEST_CHANGE_BYTES;

    /** The kind of a node's first message, which only says that the node is there. */
    static final String HELLO = "hello";

    private final Node node;
    private final DedicatedConnections connections;
    private final Duration interval;
    private final Ticker ticker;
    private final Sql sql = Sql.of(ChangeNotifier.class);
    private final Map<String, Map<Integer, Long>> changed = new ConcurrentHashMap<>();
    private volatile Runnable wake = () -> {};
    private @Nullable Connection connection;

    ChangeNotifier(Node node, DedicatedConnections connections, Duration interval, Ticker ticker) {
        this.node = node;
        this.connections = connections;
        this.interval = interval;
        this.ticker = ticker;
    }

    /** @param loop asks for a round, when there is something to send */
    void wakeBy(Runnable loop) {
        this.wake = loop;
    }

    @Override
    public void publish(String kind, int id, long version) {
        if (node.hasPeers()) {
            add(kind, id, version);
        }
    }

    /** Makes this node known to the others: one that believes itself alone sends nothing. */
    void hello() {
        add(HELLO, 0, 0);
    }

    private void add(String kind, int id, long version) {
        changed.computeIfAbsent(kind, _ -> new ConcurrentHashMap<>()).merge(id, version, Math::max);
        wake.run();
    }

    /** Sends what has changed, then rests for the interval: what changes meanwhile goes with the next message. */
    void round() throws SQLException, InterruptedException {
        boolean sent = false;
        for (Map.Entry<String, Map<Integer, Long>> entry : changed.entrySet()) {
            Map<Integer, Long> waiting = entry.getValue();
            // What comes while this is sent goes with the next round, or there might never be a rest.
            for (int left = waiting.size(); left > 0; left -= MOST_CHANGES) {
                send(new ChangeMessage(node.name(), entry.getKey(), take(waiting)));
                sent = true;
            }
        }
        if (sent) {
            ticker.sleep(interval);
        }
    }

    private void send(ChangeMessage message) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connections.open("notifier", SETTINGS);
            connection = open;
        }
        try (PreparedStatement send = open.prepareStatement(sql.text("notify"))) {
            send.setString(1, CHANNEL);
            send.setString(2, message.payload());
            send.execute();
        } catch (SQLException failure) {
            close();
            throw failure;
        }
    }

    /** Takes as many changes as a message holds. */
    private static Map<Integer, Long> take(Map<Integer, Long> waiting) {
        Map<Integer, Long> taken = new LinkedHashMap<>();
        Iterator<Integer> ids = waiting.keySet().iterator();
        while (ids.hasNext() && taken.size() < MOST_CHANGES) {
            int id = ids.next();
            Long version = waiting.remove(id);
            if (version != null) {
                taken.put(id, version);
            }
        }
        return taken;
    }

    void close() {
        if (connection != null) {
            DedicatedConnections.close(connection);
            connection = null;
        }
    }
}
