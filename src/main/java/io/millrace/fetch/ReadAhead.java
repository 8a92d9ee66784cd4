package io.millrace.fetch;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history of a subscription's partitions while what was read before is on its way to the consumer, so that
 * database, hub and client work at the same time. One page at a time: a subscription takes one connection at most, and
 * holds no more than {@link #MOST_PAGES} pages and the one being read, however many partitions it follows.
 *
 * <p>A page is no larger than what the consumer may take, and it is read when there is memory for it; until then the
 * subscription waits.
 *
 * <p>Guarded by the subscription's lock, which the reading itself does not hold.
 */
final class ReadAhead {

    /** With one page being delivered and one at hand, a consumer as slow as the database never waits. */
    private static final int MOST_PAGES = 2;

    private final TailReader reader;
    private final PageMemory memory;
    private final ReentrantLock lock;
    private final Signal signal;
    private boolean wanted;

    /** A thread is under way for a page, and perhaps still waits for its turn. */
    private boolean begun;

    private volatile boolean reading;
    private volatile boolean waiting;
    private @Nullable RuntimeException failure;

    /** What the largest batch of a page took for which there was no memory when it had been read; else 0. */
    private long forgotten;

    ReadAhead(TailReader reader, PageMemory memory, ReentrantLock lock, Signal signal) {
        this.reader = reader;
        this.memory = memory;
        this.lock = lock;
        this.signal = signal;
    }

    /** Whether a page is not read yet for want of memory or a turn; the signal may be raised when it can be. */
    boolean waiting() {
        return waiting;
    }

    /** A partition has no page at hand, and its next records are not cached. */
    void want() {
        wanted = true;
    }

    /** Whether a page is being read; the signal is raised when it is there, or never will be. Any thread may ask. */
    boolean reading() {
        return reading;
    }

    /** Throws what the last reading failed with, once. */
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
     * @param turn the index of the partition that is delivered next
     * @param demand how many records the consumer may take
     */
    void start(List<FollowedPartition> turns, int turn, long demand) {
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
        for (int i = 0; i < turns.size(); i++) {
            FollowedPartition followed = turns.get((turn + i) % turns.size());
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

    /** @param urgent whether the consumer has nothing, and is served with a single batch too */
    private void start(FollowedPartition next, long mostRecords, boolean urgent) {
        TailReader.PageSize size = reader.pageSize(next.tail(), forgotten > 0 ? 1 : mostRecords);
        long taken = memory.takeAbout(Math.max(size.weight(), forgotten));
        if (taken < 0 && urgent && forgotten == 0) {
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

    /** @param taken how much memory for it */
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

    /** A page that is larger than was thought is forgotten if there is no memory for it: a smaller one comes next. */
    private void keep(Reading started, @Nullable HistoryPage page) {
        if (page == null || !started.followed().misses(started.gap())) {
            memory.settle(started.taken(), 0);
        } else if (memory.settle(started.taken(), PageMemory.weight(page.batches()))) {
            started.followed().fill(page);
            forgotten = 0;
        } else {
            forgotten = PageMemory.largest(page.batches());
        }
    }

    private void end(Reading started, @Nullable HistoryPage page, @Nullable RuntimeException thrown) {
        lock.lock();
        try {
            failure = thrown;
            keep(started, page);
        } finally {
            // In this order: who finds that nothing is being read finds the signal raised.
            signal.raise();
            reading = false;
            waiting = false;
            begun = false;
            lock.unlock();
        }
    }
}
