package io.millrace.budget;

import io.millrace.time.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes that are held for one purpose of one connection, until {@link #close}. Safe for any thread. */
public final class Hold implements AutoCloseable {

    private final Share share;
    private final ReentrantLock lock = new ReentrantLock();
    private long bytes;
    private boolean closed;

    Hold(Share share) {
        this.share = share;
    }

    /** Takes more; false, and nothing is taken, if there is no memory or the hold is closed. */
    public boolean grow(long more) {
        lock.lock();
        try {
            if (closed || !share.take(more, bytes + more)) {
                return false;
            }
            bytes += more;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * As {@link #grow}, but waits for memory for up to {@code patience}.
     *
     * @return false if there was no memory until then, or the hold is closed
     */
    public boolean grow(long more, Duration patience) throws InterruptedException {
        if (grow(more)) {
            return true;
        }
        Deadline deadline = share.deadline(patience);
        while (!deadline.isOver() && !isClosed()) {
            share.awaitSome();
            if (grow(more)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Corrects an estimate when its object is already in memory: what that needs is counted, even beyond the capacity.
     */
    public void correct(long taken, long needed) {
        if (needed > taken) {
            add(needed - taken);
        } else {
            shrink(taken - needed);
        }
    }

    /**
     * Corrects an estimate when its object can still be given up.
     *
     * @return false if there is no memory for what it needs; then what was taken is given back
     */
    public boolean settle(long taken, long needed) {
        long askedFor = Math.min(needed, Math.max(taken, largest()));
        if (askedFor > taken && !grow(askedFor - taken)) {
            shrink(taken);
            return false;
        }
        correct(Math.max(taken, askedFor), needed);
        return true;
    }

    private void add(long more) {
        lock.lock();
        try {
            if (!closed) {
                bytes += more;
                share.add(more);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A {@link Waiter} for memory. */
    public Waiter waiter(Runnable wake) {
        return share.waiter(wake);
    }

    /** See {@link Share#largest}. */
    public long largest() {
        return share.largest();
    }

    /** Gives some back; does nothing when closed. */
    public void shrink(long less) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (less > bytes) {
                throw new IllegalArgumentException("a hold of " + bytes + " bytes cannot give back " + less);
            }
            bytes -= less;
        } finally {
            lock.unlock();
        }
        release(less);
    }

    /** Called without the lock, as it runs the callback of a waiter. */
    private void release(long less) {
        share.release(less);
    }

    /** How many bytes this holds. */
    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Gives everything back, once. */
    @Override
    public void close() {
        long all;
        lock.lock();
        try {
            closed = true;
            all = bytes;
            bytes = 0;
        } finally {
            lock.unlock();
        }
        release(all);
    }
}
