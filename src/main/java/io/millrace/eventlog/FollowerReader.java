package io.millrace.eventlog;

import io.millrace.database.FollowerConnections;
import io.millrace.replication.Leader;
import io.millrace.replication.LeaderEpoch;
import io.millrace.replication.Replication;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Reads committed batches from standbys, if {@code millrace.database.follower-reads} is set. Every method blocks and is
 * safe for any thread.
 *
 * <p>A standby replays commits in the primary's order, and appends to a partition are committed in the order of their
 * offsets: so what a standby shows of a partition is the beginning of what the primary shows. It may be older, and
 * whoever finds nothing asks the primary. What must not be read is a standby that still follows a former leader, or
 * another log altogether: it may have records that were lost with that leader, at offsets that have been given again.
 * So a standby counts only once it has replayed the beginning of the current leader's epoch, as this node knows the
 * leader, and of the reader's.
 */
@Component
public class FollowerReader {

    private static final Logger log = LoggerFactory.getLogger(FollowerReader.class);

    /** How long a standby is left alone after a failure. */
    private static final Duration BACK_OFF = Duration.ofSeconds(5);

    private final @Nullable FollowerConnections followers;
    private final LogReader reader;
    private final Replication replication;
    private final Ticker ticker;

    /** No read before this time, by the ticker. */
    private final AtomicLong closedUntil;

    /** Why reads go to the primary; null while standbys serve them. */
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    FollowerReader(
            ObjectProvider<FollowerConnections> followers, LogReader reader, Replication replication, Ticker ticker) {
        this.followers = followers.getIfAvailable();
        this.reader = reader;
        this.replication = replication;
        this.ticker = ticker;
        this.closedUntil = new AtomicLong(ticker.nanos());
    }

    /**
     * As {@link LogReader#read}, from a standby. It may lack batches at the end, but shows none that are not in the
     * primary's log.
     *
     * @param leaderEpoch as the reader knows it from the partition's bounds
     * @return empty if no standby can be asked, or the one that was asked has nothing at or after the offset yet
     */
    public List<RecordBatch> read(int partitionId, int leaderEpoch, long offset, int maxBatches, int maxBytes) {
        Leader leader = replication.leader();
        if (followers == null || leader == null || ticker.nanos() - closedUntil.get() < 0) {
            return List.of();
        }
        try (Connection connection = followers.open()) {
            JdbcClient standby = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            if (!follows(standby, leader, leaderEpoch)) {
                return List.of();
            }
            List<RecordBatch> read = reader.read(standby, partitionId, offset, maxBatches, maxBytes);
            if (reason.getAndSet(null) != null) {
                log.info("History is read from standbys again");
            }
            return read;
        } catch (SQLException | DataAccessException failure) {
            if (!followers.busy()) {
                leaveAlone(String.valueOf(
                        NestedExceptionUtils.getMostSpecificCause(failure).getMessage()));
            }
            return List.of();
        }
    }

    /**
     * Whether the standby has what this leader had when its epoch began. A standby does not go back: what is true
     * before a statement of a connection is true for the statement.
     */
    private static boolean follows(JdbcClient standby, Leader leader, int leaderEpoch) {
        return LeaderEpoch.last(standby)
                .filter(last -> last.number() >= leaderEpoch && last.leader().equals(leader))
                .isPresent();
    }

    private void leaveAlone(String failure) {
        closedUntil.set(ticker.nanos() + BACK_OFF.toNanos());
        if (reason.getAndSet(failure) == null) {
            log.warn("History is read from the primary, since standbys cannot be read: {}", failure);
        }
    }
}
