package io.millrace.eventlog;

import io.millrace.time.Ticker;
import java.time.Duration;

/**
 * The oldest segment that any head names: no partition's end lies before it, so whoever looks for one names it as a
 * constant and PostgreSQL leaves all older segments alone. Heads only ever move on, and partitions are created in the
 * newest segment, so what is remembered stays true; it only gets old, and then one or two segments more are looked at.
 *
 * @param <X> how asking the database fails
 */
final class OpenSegments<X extends Exception> {

    /** Asks the database for the oldest segment that a head names. */
    @FunctionalInterface
    interface Question<X extends Exception> {
        int ask() throws X;
    }

    /** Stands for the segment in a statement, where 0 says the same and is slower. */
    private static final String MARK = "/*segment*/0";

    /** Heads are moved to a new segment within moments: asking more often would find the same. */
    private static final long ASKED_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

    private static final int UNKNOWN = -1;

    private final Question<X> question;
    private final Ticker ticker;
    private volatile int oldest = UNKNOWN;
    private volatile int newest = UNKNOWN;
    private volatile long askedAt;

    OpenSegments(Question<X> question, Ticker ticker) {
        this.question = question;
        this.ticker = ticker;
    }

    /** The segment to look from. */
    int oldest() throws X {
        long now = ticker.nanos();
        int known = oldest;
        if (known == UNKNOWN || (known < newest && now - askedAt > ASKED_AGAIN_NANOS)) {
            askedAt = now;
            known = question.ask();
            oldest = known;
        }
        return known;
    }

    /** A head names this segment. */
    void saw(int segment) {
        if (segment > newest) {
            newest = segment;
        }
    }

    /**
     * Asks again next time: a head names a segment before the oldest, so the database has lost its newest commits, as a
     * standby may have that takes over.
     */
    void forget() {
        oldest = UNKNOWN;
        newest = UNKNOWN;
    }

    /** The statement that looks from a segment on. */
    static String from(int segment, String statement) {
        return statement.replace(MARK, Integer.toString(segment));
    }
}
