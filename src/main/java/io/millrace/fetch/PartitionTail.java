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
 * What a node knows of one partition that is being read: its bounds, its newest batches, and the signals of readers
 * that wait for more. The cached batches cover {@code cachedFrom} to {@code cachedTo} without a gap. Safe for any
 * thread.
 */
final class PartitionTail {

    private static final int FIRST_BATCHES_PER_PAGE = 32;

    /** Above {@link ClientMemory#SMALL_BYTES}: a page of unknown size must not use the reserve for small requests. */
    private static final int FIRST_BATCH_WEIGHT = 4 * ClientMemory.SMALL_BYTES;

    private final int partitionId;
    private final TailCache cache;
    private final ReentrantLock lock = new ReentrantLock();

    /** Held while one reader reads the newest batches from the database, so that all who want them share one read. */
    private final ReentrantLock filling = new ReentrantLock();

    private final ArrayDeque<RecordBatch> batches = new ArrayDeque<>();
    private final Set<Signal> waiters = ConcurrentHashMap.newKeySet();
    private volatile long cachedFrom;
    private long cachedTo;
    private volatile PartitionBounds bounds;
    private volatile boolean removed;

    /** Whether a wait for standbys is under way; it covers what had been stored when it began. */
    private boolean awaitingReplicas;

    /** How often what had been read was not to be kept: a page that was read before must not come in. */
    private volatile int forgotten;

    private volatile long usedAtMillis;

    /** The weight of the largest batch of the last page: the estimate for batches of the next. */
    private volatile long batchWeight = FIRST_BATCH_WEIGHT;

    /** How many batches to ask the database for: an estimate, so that it scans few more than fill a page. */
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

    /** Adds a batch that this node has just committed. */
    void appended(RecordBatch batch) {
        lock.lock();
        try {
            if (batch.firstOffset() > cachedTo && waiters.isEmpty()) {
                clear(batch.firstOffset());
            }
            // After a gap, left by another node's commit, the next reader reads the missing batches and this one.
            if (batch.firstOffset() == cachedTo) {
                add(batch);
            }
            raiseTo(batch.lastOffset() + 1);
        } finally {
            lock.unlock();
        }
        wakeOrAwaitReplicas();
    }

    /** Some node has stored records up to this offset. */
    void advanced(long nextOffset) {
        lock.lock();
        try {
            if (!raiseTo(nextOffset)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        wakeOrAwaitReplicas();
    }

    private void wakeOrAwaitReplicas() {
        if (bounds.awaitsReplicas()) {
            awaitReplicas();
        } else {
            wake();
        }
    }

    /**
     * Raises the high watermark to today's end once enough servers have the records, and then again if there are more.
     */
    private void awaitReplicas() {
        PartitionBounds asked;
        lock.lock();
        try {
            asked = bounds;
            if (awaitingReplicas || !asked.awaitsReplicas()) {
                return;
            }
            awaitingReplicas = true;
        } finally {
            lock.unlock();
        }
        cache.highWatermarks().reached(asked).thenAccept(reached -> replicated(asked, reached));
    }

    /** @param reached false if the bounds that were asked for are not of the current epoch */
    private void replicated(PartitionBounds asked, boolean reached) {
        lock.lock();
        try {
            awaitingReplicas = false;
            boolean sameEpoch = asked.leaderEpoch() == bounds.leaderEpoch();
            if (sameEpoch && !reached) {
                // The current epoch's bounds are on their way, and begin another wait.
                return;
            }
            if (sameEpoch && asked.copies() >= bounds.copies()) {
                bounds = bounds.replicatedTo(asked.end());
                cache.highWatermarks().confirmed(partitionId, asked.end());
            }
        } finally {
            lock.unlock();
        }
        wake();
        awaitReplicas();
    }

    void advanced(PartitionBounds reported) {
        boolean changed;
        lock.lock();
        try {
            PartitionBounds known = bounds;
            if (reported.leaderEpoch() < known.leaderEpoch()) {
                return;
            }
            if (reported.leaderEpoch() > known.leaderEpoch()) {
                // What enough servers had is on the new leader, too, although it may not know that yet.
                bounds = reported.replicatedTo(
                        Math.min(known.replicated(), reported.epoch().firstOffset()));
                clear(bounds.readable());
            } else {
                bounds = known.withCopies(reported.copies())
                        .startingAt(Math.max(known.start(), reported.start()))
                        .extendedTo(Math.max(known.end(), reported.end()))
                        .replicatedTo(reported.replicated());
            }
            changed = !bounds.equals(known);
        } finally {
            lock.unlock();
        }
        if (changed) {
            wake();
        }
        // Also if nothing has changed: the wait may have ended before the epoch of these bounds was known to have
        // begun.
        awaitReplicas();
    }

    /** The records before this offset have been deleted. */
    void started(long startOffset) {
        lock.lock();
        try {
            if (startOffset <= bounds.start()) {
                return;
            }
            bounds = bounds.startingAt(startOffset);
        } finally {
            lock.unlock();
        }
        wake();
    }

    void remove() {
        removed = true;
        wake();
    }

    void wake() {
        waiters.forEach(Signal::raise);
    }

    /** Cached batches from the one that holds this offset on, up to a size; empty if the offset is not cached. */
    List<RecordBatch> cached(long offset, int maxBytes) {
        lock.lock();
        try {
            if (offset < cachedFrom || offset >= cachedTo) {
                return List.of();
            }
            // Most readers are near the end, so the search begins there.
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

    /** Whether the offset lies before all cached batches, so that a page read for it is of no use to other readers. */
    boolean isHistory(long offset) {
        return offset < cachedFrom;
    }

    /**
     * The newest batches from this offset on, read from the database by one thread for all readers.
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
            int before = forgotten;
            List<RecordBatch> page = reader.read(this, offset);
            takeIn(offset, page, before);
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

    /** The memory that a batch is expected to take. */
    long batchWeight() {
        return batchWeight;
    }

    /**
     * Updates the estimates after a page has been read.
     *
     * @param asked how many batches were asked for
     * @param read how many batches were read
     * @param largest the weight of the largest of them
     * @param full whether the page ended because it had enough bytes
     * @param most the most batches to ask for
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

    /** Evicts the oldest batch and returns its weight; 0 if there is none. */
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

    /** Evicts all batches, also those that are being read now. */
    void forget() {
        lock.lock();
        try {
            forgotten++;
            clear(cachedTo);
        } finally {
            lock.unlock();
        }
    }

    private void takeIn(long offset, List<RecordBatch> page, int forgottenBefore) {
        lock.lock();
        try {
            if (page.isEmpty() || offset < cachedTo || forgotten != forgottenBefore) {
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
        awaitReplicas();
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
        if (nextOffset <= known.end()) {
            return false;
        }
        bounds = known.extendedTo(nextOffset);
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
