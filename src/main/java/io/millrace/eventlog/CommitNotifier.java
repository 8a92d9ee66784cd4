package io.millrace.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other nodes what this one has committed: {@code node;partition:next_offset,…} on the channel
 * {@link #CHANNEL}. It is only a hint that makes the others quick, so a message that cannot be sent is forgotten: they
 * look at the heads by themselves as well.
 */
final class CommitNotifier implements CommitListener {

    static final String CHANNEL = "millrace_commits";

    /** PostgreSQL takes payloads under 8,000 bytes. */
    private static final int MAX_PAYLOAD_BYTES = 7_800;

    /** A commit that only notifies has nothing to flush. */
    private static final String SETTINGS = "set synchronous_commit = off";

    private final String node;
    private final LogConnections connections;
    private final Duration interval;
    private final Map<Integer, Long> changed = new ConcurrentHashMap<>();
    private volatile boolean others;
    private volatile Runnable wake = () -> {};
    private @Nullable Connection connection;

    CommitNotifier(String node, LogConnections connections, Duration interval) {
        this.node = node;
        this.connections = connections;
        this.interval = interval;
    }

    /** What to call when there is something to send. */
    void wakeWith(Runnable wakeLoop) {
        this.wake = wakeLoop;
    }

    /** Whether anybody else listens. */
    void others(boolean present) {
        others = present;
    }

    @Override
    public void appended(List<RecordBatch> batches) {
        if (others) {
            for (RecordBatch batch : batches) {
                changed.merge(batch.partitionId(), batch.lastOffset() + 1, Math::max);
            }
            wake.run();
        }
    }

    /** Sends what has changed, then rests for the interval: what changes meanwhile goes with the next message. */
    void round() throws SQLException, InterruptedException {
        if (changed.isEmpty()) {
            return;
        }
        Connection open = connection;
        if (open == null) {
            open = connections.open("notifier", SETTINGS);
            connection = open;
        }
        try (PreparedStatement send = open.prepareStatement("select pg_notify(?, ?)")) {
            for (String payload = takePayload(); !payload.isEmpty(); payload = takePayload()) {
                send.setString(1, CHANNEL);
                send.setString(2, payload);
                send.execute();
            }
        } catch (SQLException failure) {
            close();
            throw failure;
        }
        Thread.sleep(interval);
    }

    /** Takes as many changes as a message holds; empty if there are none. */
    private String takePayload() {
        StringBuilder payload = new StringBuilder();
        Iterator<Map.Entry<Integer, Long>> entries = changed.entrySet().iterator();
        while (entries.hasNext() && payload.length() < MAX_PAYLOAD_BYTES - 64) {
            int partitionId = entries.next().getKey();
            Long nextOffset = changed.remove(partitionId);
            if (nextOffset != null) {
                payload.append(payload.isEmpty() ? node + ';' : ",")
                        .append(partitionId)
                        .append(':')
                        .append(nextOffset);
            }
        }
        return payload.toString();
    }

    /**
     * Reads a message and passes it on, unless it is this node's own or not a message at all.
     *
     * @param payload what {@link #round} of some node has sent
     */
    void received(String payload, PartitionWatcher watcher) {
        int start = payload.indexOf(';') + 1;
        if (start == 0 || payload.regionMatches(0, node, 0, start - 1) && start - 1 == node.length()) {
            return;
        }
        for (String change : payload.substring(start).split(",")) {
            int colon = change.indexOf(':');
            watcher.advanced(
                    Integer.parseInt(change, 0, colon, 10), Long.parseLong(change, colon + 1, change.length(), 10));
        }
    }

    void close() {
        if (connection != null) {
            LogConnections.close(connection);
            connection = null;
        }
    }
}
