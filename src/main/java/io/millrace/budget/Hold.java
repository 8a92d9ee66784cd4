package io.millrace.budget;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
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

    /** Takes more; false, and nothing is taken, if it is not to be had or the hold is closed. */
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
     * As {@link #grow}, but waits for the bytes for a while.
     *
     * @return false if they were not to be had until then, or the hold is closed
     */
    public boolean grow(long more, Duration patience) throws InterruptedException {
        if (grow(more)) {
            return true;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        Thread waiting = Thread.currentThread();
        try (Waiter waiter = share.waiter(() -> LockSupport.unpark(waiting))) {
            long left = deadline - System.nanoTime();
            while (left > 0 && !isClosed()) {
                waiter.await();
                if (grow(more)) {
                    return true;
                }
                LockSupport.parkNanos(this, Math.min(left, Waiter.LONGEST_NANOS));
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                left = deadline - System.nanoTime();
            }
            return grow(more);
        }
    }

    /** Counts bytes that turned out to be needed when they were in memory already; does nothing when closed. */
    public void add(long more) {
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

    /** Gives some back; does nothing when closed. */
    public void shrink(long less) {
        lock.lock();
        try {
            if (!closed) {
                if (less > bytes) {
                    throw new IllegalArgumentException("a hold of " + bytes + " bytes cannot give back " + less);
                }
                bytes -= less;
                share.release(less);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that this holds. */
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
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                share.release(bytes);
                bytes = 0;
            }
        } finally {
            lock.unlock();
        }
    }
}
