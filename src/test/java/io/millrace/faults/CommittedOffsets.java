package io.millrace.faults;

import io.millrace.testing.TestDatabase;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.GroupHistory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads a group's rows repeatedly, directly from the database, and records its committed offsets. */
final class CommittedOffsets implements AutoCloseable {

    private static final int PAUSE_MILLIS = 100;

    private static final String ROWS = "select c.partition, c.next_offset, h.next_offset, c.owner_epoch"
            + " from millrace.committed_offset c"
            + " join millrace.consumer_group g on g.group_id = c.group_id and g.name = ?"
            + " join millrace.partition_bounds h on h.partition_id = c.partition_id";

    private final String group;
    private final GroupHistory history;
    private final Connection connection;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().unstarted(this::watch);

    static CommittedOffsets watch(TestDatabase database, String group, GroupHistory history) throws SQLException {
        CommittedOffsets offsets = new CommittedOffsets(database, group, history);
        offsets.thread.start();
        return offsets;
    }

    private CommittedOffsets(TestDatabase database, String group, GroupHistory history) throws SQLException {
        this.group = group;
        this.history = history;
        this.connection = DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }

    /** The current end of each partition. */
    Map<Integer, Long> ends() throws SQLException {
        Map<Integer, Long> ends = new HashMap<>();
        look().forEach((partition, row) -> ends.put(partition, row.end()));
        return ends;
    }

    /** Whether the group has processed everything. */
    boolean atTheEnd() throws SQLException {
        return look().values().stream().allMatch(row -> row.nextOffset() == row.end());
    }

    /** Reads the rows once. */
    synchronized Map<Integer, GroupEvent.Observed> look() throws SQLException {
        Map<Integer, GroupEvent.Observed> rows = new HashMap<>();
        long asked = System.nanoTime();
        try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setString(1, group);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int partition = row.getInt(1);
                    long nextOffset = row.getLong(2);
                    long end = row.getLong(3);
                    long epoch = row.getLong(4);
                    rows.put(
                            partition,
                            history.add(at -> new GroupEvent.Observed(at, asked, partition, nextOffset, end, epoch)));
                }
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException, InterruptedException {
        stopped.countDown();
        thread.join();
        look();
        connection.close();
    }

    private void watch() {
        try {
            do {
                look();
            } while (!stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
