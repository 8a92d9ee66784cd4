package io.millrace.fetch;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the history of a subscription's partitions while what was read before is on its way to the consumer, so that
 * database, hub and client work at the same time. One page at a time: a subscription takes one connection at most, and
 * holds no more than {@link #MOST_PAGES} pages and the one being read, however many partitions it follows.
 *
 * <p>Guarded by the subscription's lock, which the reading itself does not hold.
 */
final class ReadAhead {

    /** With one page being delivered and one at hand, a consumer as slow as the database never waits. */
    private static final int MOST_PAGES = 2;

    private final TailReader reader;
    private final ReentrantLock lock;
    private final Signal signal;
    private boolean wanted;
    private volatile boolean reading;
    private @Nullable RuntimeException failure;

    ReadAhead(TailReader reader, ReentrantLock lock, Signal signal) {
        this.reader = reader;
        this.lock = lock;
        this.signal = signal;
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
     */
    void start(List<FollowedPartition> turns, int turn) {
        if (!wanted || reading) {
            return;
        }
        FollowedPartition next = null;
        long held = 0;
        for (int i = 0; i < turns.size(); i++) {
            FollowedPartition followed = turns.get((turn + i) % turns.size());
            held += followed.heldBytes();
            if (followed.wantsPage() && (next == null || (next.hasPage() && !followed.hasPage()))) {
                next = followed;
            }
        }
        if (next == null) {
            wanted = false;
        } else if (held < (long) MOST_PAGES * reader.pageBytes()) {
            reading = true;
            FollowedPartition followed = next;
            FollowedPartition.Gap gap = followed.gap();
            Thread.ofVirtual().name("read-ahead").start(() -> read(followed, gap));
        }
    }

    private void read(FollowedPartition followed, FollowedPartition.Gap gap) {
        HistoryPage page = null;
        RuntimeException thrown = null;
        try {
            page = reader.history(followed.tail(), gap.from());
        } catch (RuntimeException failed) {
            thrown = failed;
        } finally {
            end(followed, gap, page, thrown);
        }
    }

    private void end(
            FollowedPartition followed,
            FollowedPartition.Gap gap,
            @Nullable HistoryPage page,
            @Nullable RuntimeException thrown) {
        lock.lock();
        try {
            failure = thrown;
            if (page != null) {
                followed.fill(gap, page);
            }
        } finally {
            // In this order: who finds that nothing is being read finds the signal raised.
            signal.raise();
            reading = false;
            lock.unlock();
        }
    }
}
