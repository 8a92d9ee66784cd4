package io.millrace.fetch;

import io.millrace.budget.Hold;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.List;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads from a partition once. Blocks; safe for any thread.
 *
 * <p>When the application stops, waits for a first record end at once: a graceful shutdown lets requests finish, and a
 * wait of a minute would delay it by a minute.
 */
@Component
public class PartitionReader implements SmartLifecycle {

    private final TailCache cache;
    private final TailReader reader;
    private final FetchMetrics metrics;
    private final Ticker ticker;
    private volatile boolean stopping;

    PartitionReader(TailCache cache, TailReader reader, FetchMetrics metrics, Ticker ticker) {
        this.cache = cache;
        this.reader = reader;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    /**
     * Reads records from an offset on.
     *
     * @param offset the next offset to read
     * @param maxRecords at most this many records
     * @param maxBytes bytes of keys, values and headers; at least one record is read, however large
     * @param wait how long to wait for a first record if the offset is the end of the partition; may be zero
     * @param hold takes the memory of records that are read for this reader alone, until its owner closes it
     * @return empty if no record came in time
     * @throws HubException {@link HubError#OFFSET_EXPIRED} below the start, {@link HubError#OFFSET_BEYOND_END} beyond
     *     the end, {@link HubError#UNKNOWN_PARTITION}, {@link HubError#STORAGE_UNAVAILABLE},
     *     {@link HubError#OVERLOADED} if there is no memory
     */
    public Fetched read(Topic topic, int partition, long offset, int maxRecords, int maxBytes, Duration wait, Hold hold)
            throws InterruptedException {
        int partitionId = topic.partitionId(partition);
        Signal signal = new Signal();
        PartitionTail tail = cache.watch(partitionId, signal, () -> reader.bounds(partitionId));
        try {
            if (offset >= tail.highWatermark()) {
                tail.advanced(reader.bounds(partitionId));
            }
            checkInside(offset, tail.bounds());
            Deadline deadline = ticker.in(wait);
            signal.clear();
            while (offset >= tail.highWatermark() && !tail.removed() && !stopping && signal.await(deadline)) {
                signal.clear();
            }
            if (offset >= tail.highWatermark()) {
                return new Fetched(List.of(), offset, offset, tail.bounds());
            }
            List<RecordBatch> batches = reader.batches(tail, offset, hold, maxRecords);
            Fetched fetched = Fetched.take(batches, offset, maxRecords, maxBytes, tail.bounds());
            metrics.delivered(fetched.count());
            return fetched;
        } finally {
            cache.unwatch(tail, signal);
        }
    }

    /** The partition's bounds as they are in the database now. */
    public PartitionBounds bounds(Topic topic, int partition) {
        return reader.bounds(topic.partitionId(partition));
    }

    /**
     * Resolves a position to an offset.
     *
     * @throws HubException as {@link #read} for an offset outside the partition
     */
    public long resolve(Topic topic, int partition, StartPosition position) {
        int partitionId = topic.partitionId(partition);
        PartitionBounds bounds = reader.bounds(partitionId);
        long offset = reader.positionOf(partitionId, position, bounds);
        checkInside(offset, bounds);
        return offset;
    }

    @Override
    public void start() {
        stopping = false;
    }

    @Override
    public void stop() {
        stopping = true;
        cache.wakeAll();
    }

    @Override
    public boolean isRunning() {
        return !stopping;
    }

    /** Stops before the web server, which waits for its requests to end. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    static void checkInside(long offset, PartitionBounds bounds) {
        if (offset < bounds.start()) {
            throw new HubException(
                            HubError.OFFSET_EXPIRED,
                            "the partition starts at offset " + bounds.start() + ", after " + offset)
                    .with("earliest_offset", bounds.start());
        }
        if (offset > bounds.end()) {
            throw new HubException(
                            HubError.OFFSET_BEYOND_END,
                            "the partition ends before offset " + bounds.end() + "; asked for " + offset)
                    .with("next_offset", bounds.end());
        }
    }
}
