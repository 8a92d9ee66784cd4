package io.millrace.retention;

import io.millrace.segment.Segments.Breaks;
import io.millrace.segment.Segments.Step;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Lets the cleaner rest after each piece of its work, so that it takes only a share of PostgreSQL's time. On a busy
 * server a piece takes longer, and so does the rest after it.
 */
final class CleanerRests implements Breaks {

    /** A thread that rests for longer counts as one that stands still. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(2);

    /** After all others it has waited, or has changed only a few rows; a vacuum rests by itself. */
    private static final Set<Step> WORK =
            EnumSet.of(Step.COUNTED, Step.COPIED, Step.INDEXED, Step.REPLACED, Step.SEALED);

    private static final Duration A_MOMENT = Duration.ofMillis(200);

    private final double workShare;
    private final Ticker ticker;
    private volatile Runnable progressed = () -> {};
    private long workedSince;

    /** @param workShare of the time, above 0 and at most 1 */
    CleanerRests(double workShare, Ticker ticker) {
        this.workShare = workShare;
        this.ticker = ticker;
        this.workedSince = ticker.nanos();
    }

    /** @param listener is told of every step */
    void onProgress(Runnable listener) {
        this.progressed = listener;
    }

    @Override
    public void after(Step step) throws InterruptedException {
        progressed.run();
        if (Thread.interrupted()) {
            throw new InterruptedException("the hub stops");
        }
        if (WORK.contains(step)) {
            long worked = ticker.nanos() - workedSince;
            Duration rest = Duration.ofNanos((long) (worked * (1 - workShare) / workShare));
            ticker.sleep(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
            progressed.run();
        }
        if (step == Step.WAITED) {
            ticker.sleep(A_MOMENT);
        }
        workedSince = ticker.nanos();
    }
}
