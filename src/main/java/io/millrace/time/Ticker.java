package io.millrace.time;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes, and every wait that time ends. It never goes back, has no date, and means nothing on another node
 * or after a restart. Safe for any thread, and nothing here allocates but {@link #in}.
 *
 * <p>A wait of no nanoseconds, or fewer, does not wait.
 */
public interface Ticker {

    /** The time of the machine. */
    Ticker SYSTEM = new SystemTicker();

    /** As {@link System#nanoTime()}: only the difference of two means anything. */
    long nanos();

    /** Waits for nothing but time. */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Waits until the thread is unparked. It may come back without a reason, and does so when it is interrupted.
     *
     * @param blocker what the thread waits for, which thread dumps show
     */
    void park(Object blocker, long nanos);

    /** Waits for a signal, holding the condition's lock. It may come back without a reason. */
    void await(Condition condition, long nanos) throws InterruptedException;

    /** Takes the first element as soon as there is one; null if there was none in that time. */
    <T> @Nullable T poll(BlockingQueue<T> queue, long nanos) throws InterruptedException;

    /** The end of a wait that begins now. */
    default Deadline in(Duration wait) {
        return new Deadline(this, nanos() + wait.toNanos());
    }
}
