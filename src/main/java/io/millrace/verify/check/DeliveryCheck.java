package io.millrace.verify.check;

import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares what a reader without a group received during the run with the log at its end. */
public final class DeliveryCheck {

    private DeliveryCheck() {}

    /**
     * The violations.
     *
     * @param reader its name in the texts
     * @param received by a reader of all partitions from their start, partition by partition
     * @param log all records in the topic at the end
     */
    public static Findings of(String reader, List<Logged> received, List<Logged> log) {
        Findings findings = new Findings();
        Map<Position, Mark> stored = new HashMap<>();
        log.forEach(logged -> stored.put(logged.at(), logged.mark()));
        Map<Integer, Long> next = new HashMap<>();
        for (Logged delivered : received) {
            Position at = delivered.at();
            long expected = next.getOrDefault(at.partition(), 0L);
            if (at.offset() != expected) {
                findings.add(
                        Promise.OFFSETS_HAVE_NO_GAPS,
                        "offset " + expected + " was expected by " + reader + " instead of " + delivered);
            }
            next.put(at.partition(), at.offset() + 1);
            Mark mark = stored.get(at);
            if (mark == null) {
                findings.add(
                        Promise.DELIVERED_RECORDS_STAY, "delivered to " + reader + ", and later gone: " + delivered);
            } else if (!mark.equals(delivered.mark())) {
                findings.add(
                        Promise.DELIVERED_RECORDS_STAY,
                        "delivered to " + reader + " as " + delivered + ", but the log has " + mark);
            }
        }
        return findings;
    }
}
