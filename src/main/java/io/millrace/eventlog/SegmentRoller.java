package io.millrace.eventlog;

import io.millrace.cluster.ClusterLock;
import io.millrace.database.DedicatedConnections;
import io.millrace.database.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Begins a new segment when the newest is large or old enough, and seals the one before it.
 *
 * <p>Which segment an append goes to stands in the head that it locks, so moving a partition is one update of its head:
 * what commits before it is in the old segment, what commits after it in the new one, and where the partition ends at
 * that moment is where it starts there. When all heads have moved the old segment can never grow again. A node that
 * dies half-way leaves heads behind in the old segment; the next round of any node moves them.
 */
final class SegmentRoller {

    private static final Logger log = LoggerFactory.getLogger(SegmentRoller.class);

    /** One node at a time rolls, so that no two create a segment or seal one. */
    private static final long LOCK = 0x6d696c6c72616365L;

    /** DDL that cannot have its lock soon gives up, for behind it everybody else would queue. */
    private static final String SETTINGS = "set lock_timeout = '1s'; set synchronous_commit = local";

    /** A vacuum reads and writes a whole segment, and says nothing before its end. */
    static final Duration LONGEST_VACUUM = Duration.ofMinutes(10);

    private record State(int newest, boolean full, boolean headsBehind) {}

    private final JdbcClient jdbc;
    private final ClusterLock lock;
    private final SegmentProperties properties;
    private final SegmentCompressor compressor;
    private final Sql sql = Sql.of(SegmentRoller.class);

    SegmentRoller(JdbcClient jdbc, DedicatedConnections connections, SegmentProperties properties) {
        this.jdbc = jdbc;
        this.lock = new ClusterLock(connections, LOCK, "segment-roller", SETTINGS);
        this.properties = properties;
        this.compressor = new SegmentCompressor(properties.compression());
    }

    /**
     * One look at the newest segment, and what follows from it. A look that finds nothing to do opens no connection.
     */
    void round() throws SQLException {
        State state = state();
        if (state.full() || state.headsBehind() || !compressor.hasSettled(state.newest())) {
            lock.tryRun(this::roll);
        }
    }

    private void roll(Connection connection) throws SQLException {
        // Another node may have been at it since the look; from here on none is.
        State state = state();
        int newest = state.newest();
        if (state.full()) {
            newest = createNext(connection);
            log.info("segment {} of the log begins", newest);
        }
        compressor.settle(connection, newest);
        if (moveHeads(connection)) {
            int sealed = newest - 1;
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST_VACUUM.toMillis()));
            try (Statement statement = connection.createStatement()) {
                // Once, now that it cannot change: later reads and checkpoints need not touch its pages again.
                statement.execute("vacuum (freeze, analyze) millrace.record_batch_" + sealed);
            }
            log.info("segment {} of the log is sealed", sealed);
        }
    }

    private State state() {
        return jdbc.sql(sql.text("select-segment-state"))
                .param(properties.maxSize().toBytes())
                .param(properties.maxAge().toSeconds())
                .query((row, _) ->
                        new State(row.getInt("segment"), row.getBoolean("is_full"), row.getBoolean("has_heads_behind")))
                .single();
    }

    /** Moves what is not yet in the newest segment, a few heads a transaction: appends wait for those few only. */
    private boolean moveHeads(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        boolean moved = false;
        while (moveSomeHeads(connection)) {
            connection.commit();
            moved = true;
        }
        connection.setAutoCommit(true);
        return moved;
    }

    /** First locks them, then looks where they end: no append can come in between. */
    private boolean moveSomeHeads(Connection connection) throws SQLException {
        List<Integer> behind = new ArrayList<>();
        try (PreparedStatement lock = connection.prepareStatement(sql.text("lock-heads-behind"));
                ResultSet row = lock.executeQuery()) {
            while (row.next()) {
                behind.add(row.getInt(1));
            }
        }
        if (behind.isEmpty()) {
            return false;
        }
        try (PreparedStatement move = connection.prepareStatement(sql.text("move-heads"))) {
            move.setArray(1, connection.createArrayOf("int4", behind.toArray()));
            return move.executeUpdate() > 0;
        }
    }

    private int createNext(Connection connection) throws SQLException {
        try (PreparedStatement create = connection.prepareStatement(sql.text("create-next-segment"));
                ResultSet row = create.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
