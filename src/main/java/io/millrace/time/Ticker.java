package io.millrace.time;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Monotonic time, and the waits that it ends. It has no date, and means nothing on another node or after a restart.
 * Safe for any thread; only {@link #in} allocates.
 *
 * <p>Waits of zero or negative nanoseconds return at once.
 */
public interface Ticker {

    /** The machine's time. */
    Ticker SYSTEM = new SystemTicker();

    /** As {@link System#nanoTime()}: only differences are meaningful. */
    long nanos();

    /** Waits until the duration has passed. */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Waits until the thread is unparked or the time has passed. It may also return spuriously, and does when the
     * thread is interrupted.
     *
     * @param blocker what the thread waits for, which thread dumps show
     */
    void park(Object blocker, long nanos);

    /** Waits for a signal until the time has passed; the caller holds the condition's lock. May return spuriously. */
    void await(Condition condition, long nanos) throws InterruptedException;

    /** Takes the first element as soon as there is one; null if none came in time. */
    <T> @Nullable T poll(BlockingQueue<T> queue, long nanos) throws InterruptedException;

    /** The end of a wait that begins now. */
    default Deadline in(Duration wait) {
        return new Deadline(this, nanos() + wait.toNanos());
    }
}
