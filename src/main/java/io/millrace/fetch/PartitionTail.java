package io.millrace.fetch;

import io.millrace.budget.ClientMemory;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a node knows of one partition that is being read: its bounds, its newest batches and who waits for more. The
 * cached batches follow each other without a gap, from {@code cachedFrom} to {@code cachedTo}. Safe for any thread.
 */
final class PartitionTail {

    private static final int FIRST_BATCHES_PER_PAGE = 32;

    /** Not small: what is not known yet takes nothing of what is kept for small requests. */
    private static final int FIRST_BATCH_WEIGHT = 4 * ClientMemory.SMALL_BYTES;

    private final int partitionId;
    private final TailCache cache;
    private final ReentrantLock lock = new ReentrantLock();

    /** Held while somebody reads the newest batches from the database, so that all who want them share one read. */
    private final ReentrantLock filling = new ReentrantLock();

    private final ArrayDeque<RecordBatch> batches = new ArrayDeque<>();
    private final Set<Signal> waiters = ConcurrentHashMap.newKeySet();
    private volatile long cachedFrom;
    private long cachedTo;
    private volatile PartitionBounds bounds;
    private volatile boolean removed;
    private volatile long usedAtMillis;

    /** What the largest batch of the last page took; a guess at what one of the next will take. */
    private volatile long batchWeight = FIRST_BATCH_WEIGHT;

    /** How many batches to ask the database for; a guess, so that it need not look at many more than fill a page. */
    private volatile int batchesPerPage = FIRST_BATCHES_PER_PAGE;

    PartitionTail(int partitionId, TailCache cache, PartitionBounds bounds, long nowMillis) {
        this.partitionId = partitionId;
        this.cache = cache;
        this.bounds = bounds;
        this.cachedFrom = bounds.readable();
        this.cachedTo = bounds.readable();
        this.usedAtMillis = nowMillis;
    }

    int partitionId() {
        return partitionId;
    }

    PartitionBounds bounds() {
        return bounds;
    }

    long highWatermark() {
        return bounds.readable();
    }

    boolean removed() {
        return removed;
    }

    void used(long nowMillis) {
        usedAtMillis = nowMillis;
    }

    boolean idleSince(long millis) {
        return waiters.isEmpty() && usedAtMillis < millis;
    }

    boolean watched() {
        return !waiters.isEmpty();
    }

    void watch(Signal waiter) {
        waiters.add(waiter);
    }

    void unwatch(Signal waiter) {
        waiters.remove(waiter);
    }

    /** Takes in a batch that this node has just committed. */
    void appended(RecordBatch batch) {
        lock.lock();
        try {
            if (batch.firstOffset() > cachedTo && waiters.isEmpty()) {
                clear(batch.firstOffset());
            }
            // After a gap, made by another node's commit, the next reader fills up to and with this batch.
            if (batch.firstOffset() == cachedTo) {
                add(batch);
            }
            raiseTo(batch.lastOffset() + 1);
        } finally {
            lock.unlock();
        }
        waiters.forEach(Signal::raise);
    }

    void advanced(long nextOffset) {
        lock.lock();
        try {
            if (!raiseTo(nextOffset)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        waiters.forEach(Signal::raise);
    }

    void advanced(PartitionBounds told) {
        lock.lock();
        try {
            PartitionBounds known = bounds;
            if (told.leaderEpoch() == known.leaderEpoch() && told.start() > known.start()) {
                bounds = PartitionBounds.settled(known.leaderEpoch(), told.start(), known.readable());
            } else if (told.leaderEpoch() > known.leaderEpoch()) {
                bounds = told;
                clear(told.readable());
            }
        } finally {
            lock.unlock();
        }
        advanced(told.readable());
    }

    void remove() {
        removed = true;
        wake();
    }

    void wake() {
        waiters.forEach(Signal::raise);
    }

    /** The cached batches from the one that holds this offset to the newest; empty if it is not cached. */
    List<RecordBatch> cached(long offset, int maxBytes) {
        lock.lock();
        try {
            if (offset < cachedFrom || offset >= cachedTo) {
                return List.of();
            }
            // Readers are near the end mostly, so the search begins there.
            List<RecordBatch> found = new ArrayList<>();
            Iterator<RecordBatch> newestFirst = batches.descendingIterator();
            while (newestFirst.hasNext()) {
                RecordBatch batch = newestFirst.next();
                if (batch.lastOffset() < offset) {
                    break;
                }
                found.add(batch);
            }
            Collections.reverse(found);
            return upTo(found, maxBytes);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the offset lies before everything cached, so that a read for it is of no use to others. */
    boolean behind(long offset) {
        return offset < cachedFrom;
    }

    /**
     * The newest batches from this offset on, read from the database by one thread for all.
     *
     * @param reader reads batches at and after an offset
     */
    List<RecordBatch> fill(long offset, int maxBytes, PageReader reader) {
        filling.lock();
        try {
            List<RecordBatch> known = cached(offset, maxBytes);
            if (!known.isEmpty()) {
                return known;
            }
            List<RecordBatch> page = reader.read(this, offset);
            takeIn(offset, page);
            return page;
        } finally {
            filling.unlock();
        }
    }

    /** Reads a page of batches from the database. */
    @FunctionalInterface
    interface PageReader {
        List<RecordBatch> read(PartitionTail tail, long offset);
    }

    int batchesPerPage() {
        return batchesPerPage;
    }

    /** What a batch is expected to take in memory. */
    long batchWeight() {
        return batchWeight;
    }

    /**
     * Learns from a page that has been read.
     *
     * @param asked how many batches were asked for
     * @param largest what its largest batch takes in memory
     * @param full whether the page ended because it had enough bytes
     * @param most never ask for more than so many
     */
    void pageRead(int asked, int read, long largest, boolean full, int most) {
        if (read > 0) {
            batchWeight = largest;
        }
        if (full) {
            batchesPerPage = Math.min(read + read / 4 + 1, most);
        } else if (read == asked && asked >= batchesPerPage) {
            batchesPerPage = Math.min(2 * asked, most);
        }
    }

    /** Forgets the oldest batch and answers its weight; 0 if there is none. */
    long evictOldest() {
        lock.lock();
        try {
            RecordBatch oldest = batches.pollFirst();
            if (oldest == null) {
                return 0;
            }
            cachedFrom = oldest.lastOffset() + 1;
            return TailCache.weight(oldest);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets every batch. */
    void evictAll() {
        lock.lock();
        try {
            clear(cachedTo);
        } finally {
            lock.unlock();
        }
    }

    private void takeIn(long offset, List<RecordBatch> page) {
        lock.lock();
        try {
            if (page.isEmpty() || offset < cachedTo) {
                return;
            }
            if (offset > cachedTo) {
                clear(offset);
            }
            page.forEach(this::add);
            raiseTo(cachedTo);
        } finally {
            lock.unlock();
        }
    }

    private void add(RecordBatch batch) {
        batches.addLast(batch);
        cachedTo = batch.lastOffset() + 1;
        cache.added(this, batch);
    }

    private void clear(long offset) {
        long weight = 0;
        for (RecordBatch batch : batches) {
            weight += TailCache.weight(batch);
        }
        batches.clear();
        cache.dropped(weight);
        cachedFrom = offset;
        cachedTo = offset;
    }

    private boolean raiseTo(long nextOffset) {
        PartitionBounds known = bounds;
        if (nextOffset <= known.readable()) {
            return false;
        }
        bounds = PartitionBounds.settled(known.leaderEpoch(), known.start(), nextOffset);
        return true;
    }

    private static List<RecordBatch> upTo(List<RecordBatch> found, int maxBytes) {
        long bytes = 0;
        for (int i = 0; i < found.size(); i++) {
            bytes += found.get(i).byteSize();
            if (bytes >= maxBytes) {
                return found.subList(0, i + 1);
            }
        }
        return found;
    }
}
