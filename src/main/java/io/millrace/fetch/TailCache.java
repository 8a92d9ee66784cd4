package io.millrace.fetch;

import io.millrace.eventlog.CommitListener;
import io.millrace.eventlog.HighWatermarks;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.PartitionWatcher;
import io.millrace.eventlog.RecordBatch;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The newest batches of the partitions that are being read. One limit in bytes covers all partitions; beyond it the
 * batch that came first is evicted. Partitions without readers take no memory here. Safe for any thread.
 */
@Component
class TailCache implements CommitListener, PartitionWatcher {

    /** A record's memory besides its bytes: objects and, in the form that readers share, the names of its fields. */
    private static final int RECORD_OVERHEAD_BYTES = 200;

    /** A batch's memory besides its records. */
    private static final int BATCH_OVERHEAD_BYTES = 300;

    private final long capacity;
    private final long idleAfterMillis;
    private final HighWatermarks highWatermarks;
    private final Clock clock;
    private final Map<Integer, PartitionTail> tails = new ConcurrentHashMap<>();

    /** One entry for each cached batch, in the order in which they came: the tail that evicts its oldest batch next. */
    private final Queue<PartitionTail> oldest = new ConcurrentLinkedQueue<>();

    private final AtomicLong bytes = new AtomicLong();

    TailCache(FetchProperties properties, FetchMetrics metrics, HighWatermarks highWatermarks, Clock clock) {
        this.highWatermarks = highWatermarks;
        this.capacity = properties.tailCache().toBytes();
        this.idleAfterMillis = properties.idleAfter().toMillis();
        this.clock = clock;
        metrics.watchCache(bytes, tails);
    }

    /** Bytes that a batch takes, including the form of it that readers share. */
    static long weight(RecordBatch batch) {
        return 2L * batch.byteSize() + (long) RECORD_OVERHEAD_BYTES * batch.count() + BATCH_OVERHEAD_BYTES;
    }

    /** The tail of a partition; null if it is not being read. */
    @Nullable
    PartitionTail known(int partitionId) {
        PartitionTail tail = tails.get(partitionId);
        if (tail != null) {
            tail.used(clock.millis());
        }
        return tail;
    }

    /**
     * The tail of a partition, kept up to date from now on.
     *
     * @param bounds reads the bounds if the partition was not being read
     */
    PartitionTail open(int partitionId, Supplier<PartitionBounds> bounds) {
        PartitionTail tail = known(partitionId);
        if (tail != null) {
            return tail;
        }
        PartitionBounds read = bounds.get();
        PartitionTail opened =
                tails.computeIfAbsent(partitionId, _ -> new PartitionTail(partitionId, this, read, clock.millis()));
        // Commits between the first read and the tail's creation were not reported to the tail.
        opened.advanced(bounds.get());
        return opened;
    }

    /** As {@link #open}; from now on until {@link #unwatch}, changes of the partition wake the waiter. */
    PartitionTail watch(int partitionId, Signal waiter, Supplier<PartitionBounds> bounds) {
        PartitionTail opened = open(partitionId, bounds);
        return tails.compute(partitionId, (_, present) -> {
            PartitionTail tail = present == null ? opened : present;
            tail.watch(waiter);
            return tail;
        });
    }

    void unwatch(PartitionTail tail, Signal waiter) {
        tail.used(clock.millis());
        tail.unwatch(waiter);
    }

    /** Wakes all waiters. */
    void wakeAll() {
        tails.values().forEach(PartitionTail::wake);
    }

    /** Drops the partitions that have had no reader for a while. */
    void sweep() {
        long idleSince = clock.millis() - idleAfterMillis;
        for (Integer partitionId : new ArrayList<>(tails.keySet())) {
            tails.computeIfPresent(partitionId, (_, tail) -> {
                if (tail.idleSince(idleSince) || (tail.removed() && !tail.watched())) {
                    tail.forget();
                    return null;
                }
                return tail;
            });
        }
    }

    @Override
    public void appended(List<RecordBatch> batches) {
        for (RecordBatch batch : batches) {
            PartitionTail tail = tails.get(batch.partitionId());
            if (tail != null) {
                tail.appended(batch);
            }
        }
        evict();
    }

    @Override
    public void advanced(int partitionId, PartitionBounds bounds) {
        PartitionTail tail = tails.get(partitionId);
        if (tail != null) {
            tail.advanced(bounds);
        }
    }

    @Override
    public void advanced(int partitionId, long nextOffset) {
        PartitionTail tail = tails.get(partitionId);
        if (tail != null) {
            tail.advanced(nextOffset);
        }
    }

    @Override
    public void started(int partitionId, long startOffset) {
        PartitionTail tail = tails.get(partitionId);
        if (tail != null) {
            tail.started(startOffset);
        }
    }

    @Override
    public void erased(int partitionId) {
        PartitionTail tail = tails.get(partitionId);
        if (tail != null) {
            tail.forget();
        }
    }

    @Override
    public void removed(int partitionId) {
        PartitionTail tail = tails.get(partitionId);
        if (tail != null) {
            tail.remove();
        }
    }

    @Override
    public Collection<Integer> known() {
        return List.copyOf(tails.keySet());
    }

    @Override
    public Collection<Integer> watched() {
        List<Integer> watched = new ArrayList<>();
        tails.forEach((partitionId, tail) -> {
            if (tail.watched()) {
                watched.add(partitionId);
            }
        });
        return watched;
    }

    HighWatermarks highWatermarks() {
        return highWatermarks;
    }

    /** Called under the tail's lock. */
    void added(PartitionTail tail, RecordBatch batch) {
        bytes.addAndGet(weight(batch));
        oldest.add(tail);
    }

    /** Called under the tail's lock. */
    void dropped(long weight) {
        bytes.addAndGet(-weight);
    }

    /** Evicts the oldest batches until the rest fits; called without any tail's lock. */
    void evict() {
        while (bytes.get() > capacity) {
            PartitionTail tail = oldest.poll();
            if (tail == null) {
                return;
            }
            bytes.addAndGet(-tail.evictOldest());
        }
    }
}
