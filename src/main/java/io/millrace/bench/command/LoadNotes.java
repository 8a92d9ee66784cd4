package io.millrace.bench.command;

import io.millrace.bench.measure.Report;
import io.millrace.bench.produce.Producers;
import java.util.Locale;

/** Says what the figures of a load mean, which they do not show themselves. */
final class LoadNotes {

    private static final String CLOSED = "Closed loop: each connection sends its next request when the one before is"
        + " answered, so a hub that stalls is asked less, and the latencies hide it. For latencies as users would see"
        + " them, set --rate to somewhat less than the records/s above.";

    private LoadNotes() {}

    /** @param rate that was asked for; 0 for a closed loop */
    static Report add(Report report, Producers producers, double rate) {
        report.count("records_not_sent", producers.unsent());
        if (rate == 0) {
            report.note(CLOSED);
        } else {
            report.note(String.format(
                    Locale.ROOT,
                    "Open loop: %,.0f records/s were due at fixed times, and latencies count from these.",
                    rate));
        }
        if (producers.unsent() > 0) {
            report.note(String.format(
                    Locale.ROOT,
                    "The rate was not kept up: %,d records were due and could not be sent before the end, since all"
                            + " connections waited for answers. They count with the time they had waited by then.",
                    producers.unsent()));
        }
        if (producers.refused() > 0) {
            report.note("The hub was overloaded and refused records (503 or 429). They were not stored and not sent"
                    + " again; their connections rested as long as the hub asked.");
        }
        return report;
    }
}
