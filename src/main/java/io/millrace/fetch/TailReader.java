package io.millrace.fetch;

import io.millrace.budget.Hold;
import io.millrace.database.DatabaseProperties;
import io.millrace.database.StorageFailures;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import io.millrace.event.StartPosition;
import io.millrace.eventlog.FollowerReader;
import io.millrace.eventlog.LogReader;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.eventlog.RecordBatch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Reads batches from the tail cache where they are there, else from the database: history from a standby, if the hub
 * may read from standbys, and all else from the primary. Blocks; safe for any thread.
 */
@Component
class TailReader {

    private static final int LEFT_FOR_REQUESTS = 2;

    private final TailCache cache;
    private final LogReader log;
    private final FollowerReader followers;
    private final Partitions partitions;
    private final FetchMetrics metrics;
    private final int pageBytes;
    private final int mostBatches;

    /** Leaves some of the pool's connections for requests, however many streams read history. */
    private final Semaphore ahead;

    TailReader(
            TailCache cache,
            LogReader log,
            FollowerReader followers,
            Partitions partitions,
            FetchMetrics metrics,
            FetchProperties properties,
            @Value(DatabaseProperties.CONNECTIONS) int connections) {
        this.cache = cache;
        this.log = log;
        this.followers = followers;
        this.partitions = partitions;
        this.metrics = metrics;
        this.pageBytes = Math.toIntExact(properties.pageSize().toBytes());
        this.mostBatches = properties.maxPageBatches();
        this.ahead = new Semaphore(Math.max(1, connections - LEFT_FOR_REQUESTS), true);
    }

    /**
     * The bounds as they are in the database now.
     *
     * @throws HubException {@link HubError#UNKNOWN_TOPIC} if the partition does not exist, or no longer does,
     *     {@link HubError#STORAGE_UNAVAILABLE}
     */
    PartitionBounds bounds(int partitionId) {
        PartitionBounds bounds = bounds(List.of(partitionId)).get(partitionId);
        if (bounds == null) {
            throw deleted();
        }
        return bounds;
    }

    /**
     * The bounds of several partitions as they are in the database now; partitions that do not exist are left out.
     *
     * @throws HubException {@link HubError#STORAGE_UNAVAILABLE}
     */
    Map<Integer, PartitionBounds> bounds(List<Integer> partitionIds) {
        return partitionIds.isEmpty() ? Map.of() : reading(() -> partitions.bounds(partitionIds));
    }

    static HubException deleted() {
        return new HubException(HubError.UNKNOWN_TOPIC, "the topic has been deleted");
    }

    /** Resolves a position to an offset. An exact offset is returned as it is, within the bounds or not. */
    long positionOf(int partitionId, StartPosition position, PartitionBounds bounds) {
        return switch (position) {
            case StartPosition.Earliest earliest -> bounds.start();
            case StartPosition.Latest latest -> bounds.readable();
            case StartPosition.AtTimestamp at -> reading(() -> log.offsetOf(partitionId, at.timestamp(), bounds));
            case StartPosition.AtOffset at -> at.nextOffset();
        };
    }

    /**
     * Batches from an offset on, which lies below the high watermark; the first batch holds it or begins after it. The
     * batches are shared with other readers, unless the offset lies before the tail cache.
     *
     * @param hold takes the memory of batches that are not shared
     * @param maxRecords at most this many batches are read for one reader
     * @throws HubException {@link HubError#OVERLOADED} if there is no memory, and as {@link #bounds}
     */
    List<RecordBatch> batches(PartitionTail tail, long offset, Hold hold, int maxRecords) {
        List<RecordBatch> cached = cached(tail, offset);
        if (!cached.isEmpty()) {
            return cached;
        }
        if (!tail.isHistory(offset)) {
            return shared(tail, offset);
        }
        List<RecordBatch> page = page(tail, offset, hold, pageSize(tail, maxRecords));
        if (page == null) {
            page = page(tail, offset, hold, pageSize(tail, 1));
        }
        if (page == null) {
            throw NoMemory.refusal();
        }
        return page;
    }

    /** Null if there is no memory for the page, which may become known only when it has been read. */
    private @Nullable List<RecordBatch> page(PartitionTail tail, long offset, Hold hold, PageSize size) {
        long guess = Math.min(size.weight(), hold.largest());
        if (!hold.grow(guess)) {
            return null;
        }
        List<RecordBatch> page = List.of();
        boolean held = false;
        try {
            page = historyPage(tail, offset, size);
        } finally {
            held = hold.settle(guess, PageMemory.weight(page));
        }
        return held ? page : null;
    }

    /** As {@link #batches}, for an offset that is not before the tail cache: batches that are read are cached. */
    List<RecordBatch> shared(PartitionTail tail, long offset) {
        List<RecordBatch> cached = cached(tail, offset);
        if (!cached.isEmpty()) {
            return cached;
        }
        List<RecordBatch> filled =
                tail.fill(offset, pageBytes, (of, from) -> page(of, from, pageSize(of, Integer.MAX_VALUE)));
        cache.evict();
        return filled;
    }

    private List<RecordBatch> cached(PartitionTail tail, long offset) {
        List<RecordBatch> cached = tail.cached(offset, pageBytes);
        if (!cached.isEmpty()) {
            metrics.fromCache();
        }
        return cached;
    }

    /**
     * A page of history. It is not cached, since other readers are unlikely to want it.
     *
     * @throws HubException as {@link #bounds}
     */
    HistoryPage history(PartitionTail tail, long offset, PageSize size) {
        List<RecordBatch> batches = historyPage(tail, offset, size);
        return new HistoryPage(batches, bounds(tail.partitionId()));
    }

    /** Bounds how many streams read history at a time: acquired before {@link #history}, released after it. */
    Semaphore ahead() {
        return ahead;
    }

    /** Bytes of a page: its last batch may exceed this; at the end of the partition a page is smaller. */
    int pageBytes() {
        return pageBytes;
    }

    /**
     * The size of a page to read.
     *
     * @param batches at most this many, and no more than the records that the reader may take: each batch has at least
     *     one
     * @param weight the memory that the page is expected to take
     */
    record PageSize(int batches, long weight) {}

    PageSize pageSize(PartitionTail tail, long maxRecords) {
        int batches = (int) Math.clamp(maxRecords, 1, Math.min(tail.batchesPerPage(), mostBatches));
        long largest = tail.batchWeight();
        return new PageSize(batches, Math.min(batches * largest, 2L * pageBytes + largest));
    }

    private List<RecordBatch> historyPage(PartitionTail tail, long offset, PageSize size) {
        List<RecordBatch> page =
                followers.read(tail.partitionId(), tail.bounds().leaderEpoch(), offset, size.batches(), pageBytes);
        if (page.isEmpty()) {
            return page(tail, offset, size);
        }
        metrics.fromFollower();
        pageRead(tail, size, page);
        return page;
    }

    private List<RecordBatch> page(PartitionTail tail, long offset, PageSize size) {
        metrics.fromDatabase();
        List<RecordBatch> page = reading(() -> log.read(tail.partitionId(), offset, size.batches(), pageBytes));
        pageRead(tail, size, page);
        return page;
    }

    private void pageRead(PartitionTail tail, PageSize size, List<RecordBatch> page) {
        long bytes = page.stream().mapToLong(RecordBatch::byteSize).sum();
        tail.pageRead(size.batches(), page.size(), PageMemory.largest(page), bytes >= pageBytes, mostBatches);
    }

    private static <T> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (DataAccessException failure) {
            if (!StorageFailures.unavailable(failure)) {
                throw failure;
            }
            throw StorageFailures.refusal(failure);
        }
    }
}
