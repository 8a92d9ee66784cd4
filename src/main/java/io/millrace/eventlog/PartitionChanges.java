package io.millrace.eventlog;

import io.millrace.cluster.ChangePublisher;
import io.millrace.cluster.ChangeSubscriber;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tells other nodes the new ends of partitions after this node's commits, and tells the watchers of this node what it
 * hears from other nodes. On its own it looks at the watched partitions too, since notifications may be lost.
 */
final class PartitionChanges implements CommitListener, ChangeSubscriber {

    private static final String KIND = "partition";

    /** After a look that took t, wait 20 t: looking takes at most 5 % of PostgreSQL's time, if t is at most 100 ms. */
    private static final int REST = 20;

    private static final Duration LONGEST_REST = Duration.ofSeconds(2);

    private final ChangePublisher publisher;
    private final List<PartitionWatcher> watchers;
    private final Duration interval;
    private final Ticker ticker;
    private @Nullable JdbcClient database;
    private @Nullable PartitionEnds ends;

    /** @param interval the shortest time between two looks */
    PartitionChanges(ChangePublisher publisher, List<PartitionWatcher> watchers, Duration interval, Ticker ticker) {
        this.publisher = publisher;
        this.watchers = watchers;
        this.interval = interval;
        this.ticker = ticker;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void appended(List<RecordBatch> batches) {
        for (RecordBatch batch : batches) {
            publisher.publish(KIND, batch.partitionId(), batch.lastOffset() + 1);
        }
    }

    @Override
    public void changed(int partitionId, long nextOffset) {
        watchers.forEach(watcher -> watcher.advanced(partitionId, nextOffset));
    }

    @Override
    public Duration look(JdbcClient feed) {
        long begun = ticker.nanos();
        // A new connection may lead to a new leader, whose notifications mean other records.
        boolean connected = database != feed;
        for (PartitionWatcher watcher : watchers) {
            ends(feed).tell(watcher, connected ? watcher.known() : watcher.watched());
        }
        long rest = Math.min(REST * (ticker.nanos() - begun), LONGEST_REST.toNanos());
        return Duration.ofNanos(Math.max(rest, interval.toNanos()));
    }

    private PartitionEnds ends(JdbcClient feed) {
        PartitionEnds known = ends;
        if (known == null || database != feed) {
            known = new PartitionEnds(feed, ticker);
            ends = known;
            database = feed;
        }
        return known;
    }
}
