package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.event.HubException;
import io.millrace.replication.Leader;
import io.millrace.replication.Replication;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** Waits of readers that are under way. */
    private final Set<CompletableFuture<Boolean>> waiting = ConcurrentHashMap.newKeySet();

    /** The last epoch that this node's readers have been told of; null before the first. */
    private volatile @Nullable Reign told;

    /** An epoch and who leads in it. */
    private record Reign(int epoch, Leader leader) {

        boolean mayConfirm(PartitionBounds bounds) {
            return bounds.awaitsReplicas() && bounds.leaderEpoch() == epoch;
        }
    }

    HighWatermarks(Replication replication, JdbcClient jdbc, Ticker ticker) {
        this.replication = replication;
        this.jdbc = jdbc;
        this.ticker = ticker;
    }

    /**
     * A leader's epoch has begun, and the readers of this node know it. From now on only bounds of this epoch are
     * confirmed, and only by standbys of this leader: the ends that a former leader had may be beyond what is left.
     */
    void leads(int epoch, Leader leader) {
        Reign former = told;
        if (former != null && epoch < former.epoch()) {
            // A connection to a former leader, which goes on as if it were the only one.
            return;
        }
        told = new Reign(epoch, leader);
        unsaved.clear();
        waiting.forEach(wait -> wait.complete(false));
    }

    /**
     * A wait until that many servers have what these bounds tell of; see {@link Replication#eventuallyFlushed}.
     *
     * @param bounds of a partition that asks for more than one copy
     * @return completes with false if the bounds are of another epoch than the current one, at once, or as soon as
     *     another begins
     */
    public CompletableFuture<Boolean> reached(PartitionBounds bounds) {
        Reign reign = told;
        if (reign == null || reign.epoch() != bounds.leaderEpoch()) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        waiting.add(done);
        CompletableFuture<Void> flushed = replication.eventuallyFlushed(bounds.copies(), reign.leader());
        done.whenComplete((_, _) -> {
            waiting.remove(done);
            flushed.cancel(false);
        });
        flushed.thenRun(() -> done.complete(true));
        if (reign != told) {
            done.complete(false);
        }
        return done;
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
        Reign reign = told;
        if (reign == null) {
            return read;
        }
        Optional<PartitionBounds> most =
                read.values().stream().filter(reign::mayConfirm).max(Comparator.comparingInt(PartitionBounds::copies));
        if (most.isEmpty() || !reachedInTime(most.get())) {
            return read;
        }
        Map<Integer, PartitionBounds> confirmed = new HashMap<>(read);
        confirmed.replaceAll((partitionId, bounds) -> {
            if (!reign.mayConfirm(bounds)) {
                return bounds;
            }
            confirmed(partitionId, bounds.end());
            return bounds.replicatedTo(bounds.end());
        });
        return confirmed;
    }

    private boolean reachedInTime(PartitionBounds bounds) {
        try {
            replication.require(bounds.copies());
        } catch (HubException notNow) {
            return false;
        }
        LinkedBlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
        CompletableFuture<Boolean> reached = reached(bounds);
        try {
            reached.thenAccept(done::add);
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
