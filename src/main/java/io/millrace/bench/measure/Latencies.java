package io.millrace.bench.measure;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Latencies as one event loop sees them: all of them for the progress output, and separately those of the window.
 * Written by that event loop; {@link #sinceLast} is for one other thread, {@link #measured} for any thread once the
 * event loop has finished.
 */
public final class Latencies {

    /** The significant digits of percentiles. */
    private static final int DIGITS = 3;

    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

    private final SingleWriterRecorder live = new SingleWriterRecorder(LONGEST, DIGITS);
    private final Histogram measured = empty();

    static Histogram empty() {
        return new Histogram(LONGEST, DIGITS);
    }

    public void record(long nanos, boolean counts) {
        long value = Math.clamp(nanos, 0, LONGEST);
        live.recordValue(value);
        if (counts) {
            measured.recordValue(value);
        }
    }

    /** Adds the latencies since the last call. */
    void sinceLast(Histogram sum) {
        sum.add(live.getIntervalHistogram());
    }

    Histogram measured() {
        return measured;
    }
}
