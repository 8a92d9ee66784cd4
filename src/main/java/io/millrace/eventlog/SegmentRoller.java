package io.millrace.eventlog;

import io.millrace.cluster.ClusterLock;
import io.millrace.database.DedicatedConnections;
import io.millrace.database.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Begins a new segment when the newest is large or old enough, and closes the one before it. The cleaner seals it.
 *
 * <p>The head that an append locks names the append's segment, so moving a partition is one update of its head: records
 * committed before it are in the old segment, records committed after it in the new one, which starts for this
 * partition at the end that it has then. When all heads have moved, the old segment can no longer grow. If a node dies
 * half-way, some heads still name the old segment; the next round of any node moves them.
 */
final class SegmentRoller {

    private static final Logger log = LoggerFactory.getLogger(SegmentRoller.class);

    /** One node at a time rolls, so that no two create or seal a segment. */
    private static final long LOCK = 0x6d696c6c72616365L;

    /**
     * DDL that does not get its lock soon gives up: while it waits, all later statements on the table queue up. If the
     * node freezes while it holds locks of heads, the server ends the transaction: appends wait for them.
     */
    static final String SETTINGS = """
        set lock_timeout = '1s';
        set idle_in_transaction_session_timeout = '10s'\
        """;

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

    /** Checks the newest segment and does what is due. If nothing is, it opens no connection of its own. */
    void round() throws SQLException, InterruptedException {
        State state = state();
        if (state.full() || state.headsBehind() || !compressor.hasSettled(state.newest())) {
            lock.tryRun(this::roll);
        }
    }

    private void roll(Connection connection) throws SQLException {
        // Another node may have rolled since that check. While this one holds the lock, none does.
        State state = state();
        int newest = state.newest();
        if (state.full()) {
            newest = createNext(connection);
            log.info("segment {} of the log begins", newest);
        }
        compressor.settle(connection, newest);
        moveHeads(connection);
    }

    private State state() {
        return jdbc.sql(sql.text("select-segment-state"))
                .param(properties.maxSize().toBytes())
                .param(properties.maxAge().toSeconds())
                .query((row, _) ->
                        new State(row.getInt("segment"), row.getBoolean("is_full"), row.getBoolean("has_heads_behind")))
                .single();
    }

    /** Moves heads to the newest segment, a few per transaction: only appends to those few wait. */
    private void moveHeads(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        while (moveSomeHeads(connection)) {
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    /** Locks the heads, then looks up the partitions' ends: no append can come in between. */
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
