package io.millrace.bench.run;

import java.time.Duration;

/**
 * The measured time, between the warm-up and the end, by {@link System#nanoTime()}.
 *
 * @param start when the load begins
 * @param from when measuring begins
 * @param until when nothing more is sent
 */
public record Window(long start, long from, long until) {

    /** Practically endless, but without overflow. */
    private static final Duration ENDLESS = Duration.ofDays(365);

    public static Window endless(long start, Duration warmUp) {
        return of(start, warmUp, ENDLESS);
    }

    public static Window of(long start, Duration warmUp, Duration duration) {
        long from = start + warmUp.toNanos();
        return new Window(start, from, from + duration.toNanos());
    }

    public boolean contains(long time) {
        return time - from >= 0 && time - until < 0;
    }

    public boolean isOver(long time) {
        return time - until >= 0;
    }

    public boolean isWarmUp(long time) {
        return time - from < 0;
    }
}
