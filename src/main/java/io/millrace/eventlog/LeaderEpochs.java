package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.replication.Leader;
import io.millrace.replication.LeaderEpoch;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Raises the leader epoch when another server leads: after a promotion, a restore to a point in time, or a restored
 * dump. Records that the old leader had acknowledged with acks=1 may be lost then, and their offsets will be given
 * again; the epoch lets readers notice.
 *
 * <p>A lane asks here whenever it has connected, before its first append. So no record is appended under a new leader
 * and an old epoch. Safe for any thread.
 */
@Component
final class LeaderEpochs {

    private static final Logger log = LoggerFactory.getLogger(LeaderEpochs.class);

    private final List<LeaderListener> listeners;
    private final List<PartitionWatcher> watchers;
    private final HighWatermarks highWatermarks;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Sql sql = Sql.of(LeaderEpochs.class);

    /** The leader whose epoch was last found to be raised. */
    private volatile @Nullable Leader known;

    LeaderEpochs(
            List<LeaderListener> listeners,
            List<PartitionWatcher> watchers,
            HighWatermarks highWatermarks,
            Ticker ticker) {
        this.highWatermarks = highWatermarks;
        this.listeners = listeners;
        this.watchers = watchers;
        this.ticker = ticker;
    }

    /**
     * Makes sure that the epoch of the connection's leader has begun, and that this node's readers know; the connection
     * is in autocommit mode.
     */
    Leader ensure(Connection connection) throws SQLException {
        Leader leader = Leader.of(connection);
        if (leader.equals(known)) {
            return leader;
        }
        lock.lock();
        try {
            if (!leader.equals(known)) {
                int epoch = beginUnlessBegun(connection, leader);
                tellReaders(connection);
                highWatermarks.leads(epoch, leader);
                // Again: until now their waits for standbys were for the former epoch, and in vain.
                tellReaders(connection);
                known = leader;
            }
        } finally {
            lock.unlock();
        }
        return leader;
    }

    /** What they know of partitions is the old leader's. */
    private void tellReaders(Connection connection) {
        PartitionEnds ends = new PartitionEnds(jdbc(connection), ticker);
        watchers.forEach(watcher -> ends.tell(watcher, watcher.known()));
    }

    /** Returns the leader's epoch. */
    private int beginUnlessBegun(Connection connection, Leader leader) throws SQLException {
        connection.setAutoCommit(false);
        try {
            execute(connection, sql.text("lock-leader"));
            LeaderEpoch last = LeaderEpoch.last(jdbc(connection)).orElse(null);
            int epoch = last != null && last.leader().equals(leader) ? last.number() : begin(connection, leader, last);
            connection.commit();
            return epoch;
        } catch (SQLException | RuntimeException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private int begin(Connection connection, Leader leader, @Nullable LeaderEpoch last) throws SQLException {
        int epoch = last == null ? 0 : last.number() + epochsBetween(last.leader(), leader);
        if (last != null) {
            int partitions = raise(connection, epoch);
            for (LeaderListener listener : listeners) {
                listener.leaderChanged(connection, epoch);
            }
            log.warn(
                    "Another PostgreSQL server leads now (timeline {}, before {}): {} partitions begin epoch {}."
                            + " Records that it does not have are lost: after a failover the last with acks=1, after"
                            + " a restore all since the backup",
                    leader.timeline(),
                    last.leader().timeline(),
                    partitions,
                    epoch);
        }
        try (PreparedStatement insert = connection.prepareStatement(sql.text("insert-leader"))) {
            insert.setInt(1, epoch);
            insert.setLong(2, leader.systemIdentifier());
            insert.setInt(3, leader.timeline());
            insert.executeUpdate();
        }
        return epoch;
    }

    /**
     * As many as timelines have begun. A log that is restored twice does not know of the epoch that began the first
     * time; but its timeline is another one, and so the second epoch does not get the number of the first.
     */
    private static int epochsBetween(Leader last, Leader leader) {
        return last.systemIdentifier() == leader.systemIdentifier()
                ? Math.max(1, leader.timeline() - last.timeline())
                : 1;
    }

    /** Returns the number of partitions. */
    private int raise(Connection connection, int epoch) throws SQLException {
        int partitions;
        try (PreparedStatement raise = connection.prepareStatement(sql.text("raise-epochs"))) {
            raise.setInt(1, epoch);
            raise.setInt(2, epoch);
            raise.setInt(3, OpenSegments.oldest(connection, sql));
            partitions = raise.executeUpdate();
        }
        try (PreparedStatement lower = connection.prepareStatement(sql.text("lower-replicated-ends"))) {
            lower.setInt(1, epoch);
            lower.executeUpdate();
        }
        return partitions;
    }

    private static JdbcClient jdbc(Connection connection) {
        return JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }
}
