package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.replication.Leader;
import io.millrace.time.Ticker;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Creates, describes and removes partitions. Every method joins the caller's transaction, so that a topic and its
 * partitions come and go together.
 */
@Component
public class Partitions {

    private final JdbcClient jdbc;
    private final HighWatermarks highWatermarks;
    private final PartitionEnds ends;
    private final Sql sql = Sql.of(Partitions.class);

    Partitions(JdbcClient jdbc, HighWatermarks highWatermarks, Ticker ticker) {
        this.jdbc = jdbc;
        this.highWatermarks = highWatermarks;
        this.ends = new PartitionEnds(jdbc, ticker);
    }

    /** Creates empty partitions in the newest segment and returns their ids, ascending. */
    public List<Integer> create(int count) {
        return jdbc.sql(sql.text("create-partitions"))
                .param("count", count)
                .query(Integer.class)
                .list();
    }

    /**
     * Where the given partitions start and end, by partition id; partitions that do not exist are left out. Where
     * readers wait for standbys, this waits a little for them, too.
     */
    public Map<Integer, PartitionBounds> bounds(Collection<Integer> partitionIds) {
        return highWatermarks.confirm(ends.read(partitionIds));
    }

    /** As {@link #bounds}, without waiting for standbys: the high watermarks may be older. */
    public Map<Integer, PartitionBounds> stored(Collection<Integer> partitionIds) {
        return ends.read(partitionIds);
    }

    /**
     * How many servers must have what these partitions hold, the primary included, by partition id; those that ask for
     * the primary alone are left out.
     */
    public Map<Integer, Integer> copies(Collection<Integer> partitionIds) {
        Map<Integer, Integer> copies = new HashMap<>();
        jdbc.sql(sql.text("select-copies"))
                .param("ids", partitionIds.toArray(Integer[]::new))
                .query(row -> {
                    copies.put(row.getInt(1), row.getInt(2));
                });
        return copies;
    }

    /** Tells a watcher how the partitions are now that something is kept of. */
    public void tell(PartitionWatcher watcher) {
        ends.tell(watcher, watcher.known());
    }

    /** The wait for standbys that follows a transaction. */
    @FunctionalInterface
    public interface Replicated {

        /**
         * Waits until that many servers have what the transaction has committed.
         *
         * @param copies the primary included; at least 2
         * @return fails with {@link io.millrace.event.HubError#OUTCOME_UNKNOWN} when that takes too long, or another
         *     server leads now
         */
        CompletableFuture<Void> by(int copies);
    }

    /** Notes which server the caller's transaction is on, to wait for its standbys after the commit. */
    public Replicated replicated() {
        Leader committer = Leader.of(jdbc);
        return copies -> highWatermarks.committed(copies, committer);
    }

    /** Sets how many servers must have a record of these partitions, the primary included, before it may be read. */
    public void requireCopies(Collection<Integer> partitionIds, int copies) {
        Integer[] ids = lock(partitionIds);
        jdbc.sql(sql.text("require-copies"))
                .param("ids", ids)
                .param("copies", copies)
                .update();
    }

    /**
     * Removes partitions for good: from the commit on, readers no longer find their records, and appends to them find
     * no partition. Locks the heads in the same order as appends do.
     */
    public void delete(Collection<Integer> partitionIds) {
        Integer[] ids = lock(partitionIds);
        jdbc.sql(sql.text("delete-partitions")).param("ids", ids).update();
    }

    private Integer[] lock(Collection<Integer> partitionIds) {
        Integer[] ids = partitionIds.toArray(Integer[]::new);
        jdbc.sql(sql.text("lock-partitions"))
                .param("ids", ids)
                .query(Integer.class)
                .list();
        return ids;
    }
}
