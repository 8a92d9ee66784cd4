package io.millrace.background;

import java.time.Duration;

/**
 * How long a loop rests between rounds.
 *
 * @param interval the rest after a round that went well; zero for rounds that do their own waiting
 * @param longestBackOff the longest rest after a round that failed; the rests double up to it, so it is also how late a
 *     loop may notice that its trouble is over
 */
public record Pace(Duration interval, Duration longestBackOff) {

    /** The rest after the first failure, if the interval is shorter: a round that fails at once must not spin. */
    static final Duration SHORTEST_BACK_OFF = Duration.ofMillis(50);

    /** Long enough to mean never, and short enough to be counted in nanoseconds. */
    private static final Duration UNTIL_WOKEN = Duration.ofDays(10_000);

    /** Doubling more often than this cannot matter, and would overflow. */
    private static final int MOST_DOUBLINGS = 20;

    public Pace {
        if (interval.isNegative() || longestBackOff.isNegative()) {
            throw new IllegalArgumentException("a loop's rests must not be negative");
        }
    }

    /** A loop that does a round when it is woken, and by itself only while rounds fail. */
    public static Pace whenWoken(Duration longestBackOff) {
        return new Pace(UNTIL_WOKEN, longestBackOff);
    }

    /** A loop that rests for the interval between rounds, and for up to five seconds while they fail. */
    public static Pace every(Duration interval) {
        return new Pace(interval, longer(interval, Duration.ofSeconds(5)));
    }

    /** The rest after this many failures in a row, 0 if the last round went well. */
    Duration restAfter(int failures) {
        if (failures == 0) {
            return interval;
        }
        if (interval.equals(UNTIL_WOKEN)) {
            return new Pace(Duration.ZERO, longestBackOff).restAfter(failures);
        }
        Duration first = longer(interval, SHORTEST_BACK_OFF);
        Duration rest = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return rest.compareTo(longestBackOff) < 0 ? rest : longer(interval, longestBackOff);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
