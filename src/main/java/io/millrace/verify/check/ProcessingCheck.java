package io.millrace.verify.check;

import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares what the members of a group processed with the log. */
final class ProcessingCheck {

    private final List<GroupEvent> events;
    private final List<Logged> log;
    private final GroupCheck.Faults faults;
    private final Findings findings = new Findings();

    private ProcessingCheck(List<GroupEvent> events, List<Logged> log, GroupCheck.Faults faults) {
        this.events = events;
        this.log = log;
        this.faults = faults;
    }

    static Findings of(List<GroupEvent> events, List<Logged> log, GroupCheck.Faults faults) {
        ProcessingCheck check = new ProcessingCheck(events, log, faults);
        check.everythingIsProcessedInOrder();
        return check.findings;
    }

    private void everythingIsProcessedInOrder() {
        Map<Position, Mark> processed = new HashMap<>();
        Map<Integer, Long> highest = new HashMap<>();
        for (GroupEvent event : events) {
            if (event instanceof GroupEvent.Processed record) {
                Mark before = processed.put(new Position(record.partition(), record.offset()), record.mark());
                if (before == null) {
                    long previous = highest.getOrDefault(record.partition(), -1L);
                    // A hub that was frozen may still deliver records that the next owner has not reached yet.
                    if (record.offset() < previous && faults == GroupCheck.Faults.RECORDED) {
                        findings.add(
                                Promise.KEYS_KEEP_THEIR_ORDER,
                                "processed for the first time after offset " + previous + ": " + record);
                    }
                    highest.put(record.partition(), Math.max(previous, record.offset()));
                }
            }
        }
        for (Logged logged : log) {
            Mark mark = processed.remove(logged.at());
            if (mark == null) {
                findings.add(Promise.GROUPS_SEE_EVERY_RECORD, "never processed: " + logged);
            } else if (!mark.equals(logged.mark())) {
                findings.add(Promise.DELIVERED_RECORDS_STAY, "processed as another record, " + mark + ": " + logged);
            }
        }
        processed.forEach((at, mark) ->
                findings.add(Promise.DELIVERED_RECORDS_STAY, "processed, and later gone: " + new Logged(at, mark)));
    }
}
