package io.millrace.budget;

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
