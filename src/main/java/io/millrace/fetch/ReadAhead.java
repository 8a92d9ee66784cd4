package io.millrace.fetch;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history of a subscription's partitions while earlier pages are being delivered, so that database, hub and
 * client work at the same time. It reads one page at a time: a subscription takes at most one connection, and holds at
 * most about {@link #MOST_PAGES} pages and the one being read, however many partitions it follows.
 *
 * <p>A page has no more batches than the consumer may take records, and it is read when there is memory for it; until
 * then the subscription waits.
 *
 * <p>Guarded by the subscription's lock, which is not held while a page is read.
 */
final class ReadAhead {

    /** With one page being delivered and one at hand, a consumer that is no faster than the database does not wait. */
    private static final int MOST_PAGES = 2;

    private final TailReader reader;
    private final PageMemory memory;
    private final ReentrantLock lock;
    private final Signal signal;
    private boolean wanted;

    /** Whether a thread has been started for a page; it may still wait for a permit. */
    private boolean begun;

    private volatile boolean reading;
    private volatile boolean waiting;
    private @Nullable RuntimeException failure;

    /** The largest batch's weight in the last page, if that was dropped for want of memory; else 0. */
    private long dropped;

    ReadAhead(TailReader reader, PageMemory memory, ReentrantLock lock, Signal signal) {
        this.reader = reader;
        this.memory = memory;
        this.lock = lock;
        this.signal = signal;
    }

    /** Whether a page waits for memory or a permit; the signal may be raised when it can be read. */
    boolean waiting() {
        return waiting;
    }

    /** Notes that a partition has no page at hand and its next records are not cached. */
    void want() {
        wanted = true;
    }

    /** Whether a page is being read; the signal is raised when it has come or failed. Any thread may ask. */
    boolean reading() {
        return reading;
    }

    /** Throws the failure of the last read, once. */
    void rethrow() {
        RuntimeException thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown;
        }
    }

    /**
     * Begins to read the page that will be needed next, if there is one and room for it.
     *
     * @param demand how many records the consumer may take
     */
    void start(RoundRobin partitions, long demand) {
        if (begun) {
            return;
        }
        waiting = false;
        if (!wanted) {
            return;
        }
        FollowedPartition next = null;
        long held = 0;
        long records = 0;
        for (int i = 0; i < partitions.size(); i++) {
            FollowedPartition followed = partitions.fromNext(i);
            held += followed.heldBytes();
            records += followed.heldRecords();
            if (followed.wantsPage() && (next == null || (next.hasPage() && !followed.hasPage()))) {
                next = followed;
            }
        }
        if (next == null) {
            wanted = false;
        } else if (held < (long) MOST_PAGES * reader.pageBytes() && records < demand) {
            start(next, demand - records, held == 0);
        }
    }

    /** @param urgent whether the consumer has nothing at hand, so that a single batch is better than waiting */
    private void start(FollowedPartition next, long mostRecords, boolean urgent) {
        TailReader.PageSize size = reader.pageSize(next.tail(), dropped > 0 ? 1 : mostRecords);
        long taken = memory.takeAbout(Math.max(size.weight(), dropped));
        if (taken < 0 && urgent && dropped == 0) {
            size = reader.pageSize(next.tail(), 1);
            taken = memory.takeAbout(size.weight());
        }
        if (taken < 0) {
            waiting = true;
            memory.await();
            return;
        }
        begun = true;
        reading = !reader.ahead().hasQueuedThreads() && reader.ahead().tryAcquire();
        waiting = !reading;
        Reading started = new Reading(next, next.gap(), size, taken);
        Thread.ofVirtual().name("read-ahead").start(() -> read(started));
    }

    /** @param taken the memory taken for the page */
    private record Reading(
            FollowedPartition followed, FollowedPartition.Gap gap, TailReader.PageSize size, long taken) {}

    private void read(Reading started) {
        HistoryPage page = null;
        RuntimeException thrown = null;
        if (!reading) {
            reader.ahead().acquireUninterruptibly();
            reading = true;
        }
        try {
            page = reader.history(started.followed().tail(), started.gap().from(), started.size());
        } catch (RuntimeException failed) {
            thrown = failed;
        } finally {
            reader.ahead().release();
            end(started, page, thrown);
        }
    }

    /** Drops a page that is larger than estimated if there is no memory for it; the next one is a single batch. */
    private void keep(Reading started, @Nullable HistoryPage page) {
        if (page == null || !started.followed().misses(started.gap())) {
            memory.settle(started.taken(), 0);
        } else if (memory.settle(started.taken(), PageMemory.weight(page.batches()))) {
            started.followed().fill(page);
            dropped = 0;
        } else {
            dropped = PageMemory.largest(page.batches());
        }
    }

    private void end(Reading started, @Nullable HistoryPage page, @Nullable RuntimeException thrown) {
        lock.lock();
        try {
            failure = thrown;
            keep(started, page);
        } finally {
            // In this order: a thread that sees that nothing is being read also sees the signal raised.
            signal.raise();
            reading = false;
            waiting = false;
            begun = false;
            lock.unlock();
        }
    }
}
