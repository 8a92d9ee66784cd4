package io.millrace.verify.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long a producer pauses after a request that was stored. */
@FunctionalInterface
public interface Pace {

    /** The pause, which may be negative for none. */
    Duration after(int records, Duration took);

    /** The same pause after each request. */
    static Pace pausing(Duration pause) {
        return (_, _) -> pause;
    }

    /** At most this rate; what was missed during a fault is not made up for. */
    static Pace atMost(double recordsPerSecond) {
        return (records, took) -> Duration.ofNanos((long) (records / recordsPerSecond * TimeUnit.SECONDS.toNanos(1)))
                .minus(took);
    }
}
