package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.event.HubException;
import io.millrace.replication.Leader;
import io.millrace.replication.Replication;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Up to where partitions may be read whose topics ask for more than one copy ({@code min_insync_replicas}): what has
 * not reached enough standbys may be lost with the primary, and must not have been seen.
 *
 * <p>The truth is with the standbys. What this node has learned of it is kept in memory, and saved every second, as
 * Kafka saves its high watermarks: so a hub that starts while no standby is there still knows what may be read.
 *
 * <p>Safe for any thread; one calls {@link #save} in a loop.
 */
public final class HighWatermarks {

    /** A standby on the way confirms within milliseconds; readers do not wait longer for one that stalls. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Replication replication;
    private final JdbcClient jdbc;
    private final Ticker ticker;
    private final Sql sql = Sql.of(HighWatermarks.class);
    private final Map<Integer, Long> unsaved = new ConcurrentHashMap<>();

    HighWatermarks(Replication replication, JdbcClient jdbc, Ticker ticker) {
        this.replication = replication;
        this.jdbc = jdbc;
        this.ticker = ticker;
    }

    /**
     * A wait until that many servers have all that was committed before; see {@link Replication#eventuallyFlushed}.
     *
     * @param copies the primary included; at least 2
     * @return completes with false if another server leads now, which may lack what was committed before: only what it
     *     says itself can be trusted
     */
    public CompletableFuture<Boolean> reached(int copies) {
        Leader asked = replication.leader();
        return replication.eventuallyFlushed(copies).thenApply(_ -> leadsStill(asked));
    }

    private boolean leadsStill(@Nullable Leader asked) {
        return asked == null || asked.equals(replication.leader());
    }

    /** See {@link Replication#flushed}. */
    CompletableFuture<Void> committed(int copies, Leader committer) {
        return replication.flushed(copies, committer);
    }

    /** Notes that enough servers have the partition's records up to an offset, for readers after a restart. */
    public void confirmed(int partitionId, long nextOffset) {
        unsaved.merge(partitionId, nextOffset, Math::max);
    }

    /**
     * Raises the high watermarks of bounds that have just been read to their ends, if standbys confirm that in time.
     * Blocks; partitions that ask for one copy cost nothing.
     */
    Map<Integer, PartitionBounds> confirm(Map<Integer, PartitionBounds> read) {
        int copies = read.values().stream()
                .filter(PartitionBounds::awaitsReplicas)
                .mapToInt(PartitionBounds::copies)
                .max()
                .orElse(1);
        if (copies == 1 || !reachedInTime(copies)) {
            return read;
        }
        Map<Integer, PartitionBounds> confirmed = new HashMap<>(read);
        confirmed.replaceAll((partitionId, bounds) -> {
            if (!bounds.awaitsReplicas()) {
                return bounds;
            }
            confirmed(partitionId, bounds.end());
            return bounds.replicatedTo(bounds.end());
        });
        return confirmed;
    }

    private boolean reachedInTime(int copies) {
        try {
            replication.require(copies);
        } catch (HubException notNow) {
            return false;
        }
        LinkedBlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
        Leader asked = replication.leader();
        CompletableFuture<Void> reached = replication.eventuallyFlushed(copies);
        try {
            reached.thenRun(() -> done.add(leadsStill(asked)));
            return Boolean.TRUE.equals(ticker.poll(done, PATIENCE.toNanos()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            reached.cancel(false);
        }
    }

    /** Saves what has been confirmed since the last call. */
    void save() {
        if (unsaved.isEmpty()) {
            return;
        }
        Map<Integer, Long> taken = new TreeMap<>(unsaved);
        jdbc.sql(sql.text("save-replicated-ends"))
                .param("partition_ids", taken.keySet().toArray(Integer[]::new))
                .param("next_offsets", taken.values().toArray(Long[]::new))
                .update();
        taken.forEach(unsaved::remove);
    }
}
