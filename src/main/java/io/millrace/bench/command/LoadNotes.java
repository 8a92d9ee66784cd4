package io.millrace.bench.command;

import io.millrace.bench.measure.Report;
import io.millrace.bench.produce.Producers;
import java.util.Locale;

/** Adds the notes that are needed to interpret the figures of a load. */
final class LoadNotes {

    private static final String CLOSED = "Closed loop: each connection sends its next request when the previous one is"
        + " answered, so a stalling hub gets fewer requests and the latencies hide the stall. For latencies as users"
        + " see them, set --rate somewhat below the records/s above.";

    private LoadNotes() {}

    /** @param rate the requested rate; 0 for a closed loop */
    static Report add(Report report, Producers producers, double rate) {
        report.count("records_not_sent", producers.unsent());
        if (rate == 0) {
            report.note(CLOSED);
        } else {
            report.note(String.format(
                    Locale.ROOT,
                    "Open loop: %,.0f records/s were due at fixed times, from which latencies count.",
                    rate));
        }
        if (producers.unsent() > 0) {
            report.note(String.format(
                    Locale.ROOT,
                    "The rate was not reached: %,d records were due but could not be sent before the end, since all"
                            + " connections waited for answers. They count with the time that they had waited by then.",
                    producers.unsent()));
        }
        if (producers.refused() > 0) {
            report.note("The hub was overloaded and refused records (503 or 429). They were neither stored nor sent"
                    + " again; their connections paused for as long as the hub asked.");
        }
        return report;
    }
}
