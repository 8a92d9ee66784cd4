package io.millrace.segment;

import io.millrace.cluster.ClusterLock;
import io.millrace.database.DedicatedConnections;
import io.millrace.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Seals, replaces and drops segments, on one node at a time. All state is in rows and in PostgreSQL's catalogue: when
 * the node dies at any point, the next one goes on from there.
 */
@Component
public class Segments {

    private static final long LOCK = 0x6d696c6c72616366L;

    /**
     * No lock is waited for longer than readers and appends may wait behind it. If the node freezes, PostgreSQL ends
     * its session, and another node takes over. A vacuum writes at most some 80 MB/s.
     */
    static final String SETTINGS = """
        set lock_timeout = '1s';
        set idle_in_transaction_session_timeout = '10s';
        set idle_session_timeout = '60s';
        set jit = off;
        set plan_cache_mode = force_custom_plan;
        set vacuum_cost_delay = '2ms';
        set vacuum_cost_limit = 400\
        """;

    /** A vacuum, or building an index, may take this long, and the server sends nothing meanwhile. */
    public static final Duration LONGEST_STATEMENT = Duration.ofMinutes(10);

    /** What has just been done. */
    public enum Step {
        COUNTED,
        FROZEN,
        SEALED,
        CREATED,
        COPIED,
        INDEXED,
        ATTACHED,
        REPLACED,
        RETIRED,
        WAITED,
        DETACHED,
        DROPPED,
        FORGOTTEN
    }

    /** Called after each step. The work may rest here, so that others get PostgreSQL's time, or be given up. */
    @FunctionalInterface
    public interface Breaks {
        void after(Step step) throws InterruptedException;
    }

    /** What one node at a time does. */
    @FunctionalInterface
    public interface Work {
        void on(SegmentStore segments) throws InterruptedException;
    }

    private final ClusterLock lock;
    private final Sql sql = Sql.of(Segments.class);

    Segments(DedicatedConnections connections) {
        this.lock = new ClusterLock(connections, LOCK, "segment-cleaner", SETTINGS);
    }

    /**
     * Does the work unless another node is doing such work. Blocks.
     *
     * @return whether it was done
     * @throws InterruptedException if the work was interrupted at a break
     */
    public boolean tryRun(Breaks breaks, Work work) throws SQLException, InterruptedException {
        return lock.tryRun(connection -> work.on(storeOn(connection, breaks)));
    }

    private SegmentStore storeOn(Connection connection, Breaks breaks) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST_STATEMENT.toMillis()));
        return new SegmentStore(connection, sql, breaks);
    }
}
