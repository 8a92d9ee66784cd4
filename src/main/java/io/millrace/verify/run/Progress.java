package io.millrace.verify.run;

import io.millrace.verify.history.History;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.load.Producers;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Waits for the end of the load and shows, once a second, how it goes. */
final class Progress {

    private final PrintWriter out;
    private final Producers producers;

    Progress(PrintWriter out, Producers producers) {
        this.out = out;
        this.producers = producers;
    }

    /** Returns earlier if the producers have sent all that a run may send. */
    void await(Duration duration) throws InterruptedException {
        long began = System.nanoTime();
        for (long second = 1; !producers.haveEnded(); second++) {
            long due = Math.min(TimeUnit.SECONDS.toNanos(second), duration.toNanos());
            TimeUnit.NANOSECONDS.sleep(began + due - System.nanoTime());
            show(second);
            if (due == duration.toNanos()) {
                return;
            }
        }
    }

    private void show(long second) {
        History history = producers.history();
        out.printf(
                Locale.ROOT,
                "%5d s  %,d records sent  requests: %,d stored, %,d not stored, %,d unknown%n",
                second,
                history.records(),
                history.count(Outcome.Stored.class),
                history.count(Outcome.NotStored.class),
                history.count(Outcome.Unknown.class));
        out.flush();
    }
}
