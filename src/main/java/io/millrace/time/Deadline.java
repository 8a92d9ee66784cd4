package io.millrace.time;

import java.time.Duration;
import java.util.concurrent.locks.Condition;

/**
 * The end of a wait. Times of a {@link Ticker} are compared here, by their difference: the numbers may overflow.
 *
 * @param at the ticker's time at the end
 */
public record Deadline(Ticker ticker, long at) {

    public boolean isOver() {
        return at - ticker.nanos() <= 0;
    }

    /** Nanoseconds until the end; 0 if it is over. */
    public long nanosLeft() {
        return Math.max(0, at - ticker.nanos());
    }

    /** The time until the end; zero if it is over. */
    public Duration left() {
        return Duration.ofNanos(nanosLeft());
    }

    /** Waits for a signal until the end, as {@link Ticker#await}. */
    public void await(Condition condition) throws InterruptedException {
        ticker.await(condition, nanosLeft());
    }

    /** Waits until the thread is unparked or until the end, as {@link Ticker#park}. */
    public void park(Object blocker) {
        ticker.park(blocker, nanosLeft());
    }

    /** This, or the end of a wait that begins now, whichever comes first. */
    public Deadline orIn(Duration wait) {
        long other = ticker.nanos() + wait.toNanos();
        return other - at < 0 ? new Deadline(ticker, other) : this;
    }
}
