package io.millrace.bench.measure;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Latencies as one event loop sees them: all of them for the progress that is shown, and apart from those the ones of
 * the window. Written by that event loop; {@link #sinceLast} is for one other thread, {@link #measured} for any once
 * the event loop has finished.
 */
public final class Latencies {

    /** Three digits are what percentiles are quoted with. */
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

    /** Adds what came since the last call. */
    void sinceLast(Histogram sum) {
        sum.add(live.getIntervalHistogram());
    }

    Histogram measured() {
        return measured;
    }
}
