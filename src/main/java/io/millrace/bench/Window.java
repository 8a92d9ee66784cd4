package io.millrace.bench;

import java.time.Duration;

/**
 * The time that counts, between the warm-up and the end, by {@link System#nanoTime()}.
 *
 * @param start when the load begins
 * @param from when measuring begins
 * @param until when nothing more is sent
 */
record Window(long start, long from, long until) {

    /** As good as no end, and no overflow either. */
    private static final Duration ENDLESS = Duration.ofDays(365);

    static Window endless(long start, Duration warmUp) {
        return of(start, warmUp, ENDLESS);
    }

    static Window of(long start, Duration warmUp, Duration duration) {
        long from = start + warmUp.toNanos();
        return new Window(start, from, from + duration.toNanos());
    }

    boolean contains(long time) {
        return time - from >= 0 && time - until < 0;
    }

    boolean isOver(long time) {
        return time - until >= 0;
    }

    boolean isWarmUp(long time) {
        return time - from < 0;
    }
}
