package io.millrace.time;

import java.time.Duration;
import java.util.concurrent.locks.Condition;

/**
 * When a wait is over. It holds the one rule of how two times of a {@link Ticker} are compared: by their difference,
 * for the numbers may pass their largest.
 *
 * @param at by the ticker
 */
public record Deadline(Ticker ticker, long at) {

    public boolean isOver() {
        return at - ticker.nanos() <= 0;
    }

    /** Nanoseconds until then; none if it is over. */
    public long nanosLeft() {
        return Math.max(0, at - ticker.nanos());
    }

    /** The time until then; nothing if it is over. */
    public Duration left() {
        return Duration.ofNanos(nanosLeft());
    }

    /** Waits for a signal until then, as {@link Ticker#await}. */
    public void await(Condition condition) throws InterruptedException {
        ticker.await(condition, nanosLeft());
    }

    /** Waits until the thread is unparked or until then, as {@link Ticker#park}. */
    public void park(Object blocker) {
        ticker.park(blocker, nanosLeft());
    }

    /** This, or the end of a wait that begins now and is no longer than given, whichever comes first. */
    public Deadline orIn(Duration wait) {
        long other = ticker.nanos() + wait.toNanos();
        return other - at < 0 ? new Deadline(ticker, other) : this;
    }
}
