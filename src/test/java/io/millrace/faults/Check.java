package io.millrace.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the answers that producers got with the log. The log is given partition by partition, each in the order in
 * which it was read. Requests are not repeated here, so a record that occurs twice was stored twice by the hub.
 */
final class Check {

    /** Of thousands of violations, ten are enough to see. */
    private static final int MOST_REPORTED = 10;

    private final Map<String, Request> requests = new HashMap<>();
    private final List<Logged> log;
    private final Map<Mark, Logged> byMark = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    private Check(List<Request> sent, List<Logged> log) {
        this.log = log;
        sent.forEach(request -> requests.put(request.id(), request));
    }

    /** The violations, in words; empty if there are none. */
    static List<String> violations(List<Request> sent, List<Logged> log) {
        Check check = new Check(sent, log);
        check.offsetsHaveNoGapsAndNoRepeats();
        check.everyRecordWasSentAndIsStoredOnce();
        check.requestsAreStoredCompletelyOrNotAtAll();
        check.answersAreTrue();
        check.sequencesRise();
        return check.violations.size() <= MOST_REPORTED ? check.violations : check.violations.subList(0, MOST_REPORTED);
    }

    private void offsetsHaveNoGapsAndNoRepeats() {
        Map<Integer, Long> next = new HashMap<>();
        for (Logged logged : log) {
            Position at = logged.at();
            long expected = next.getOrDefault(at.partition(), 0L);
            if (at.offset() != expected) {
                violations.add("offset " + expected + " was expected at " + at);
            }
            next.put(at.partition(), at.offset() + 1);
        }
    }

    private void everyRecordWasSentAndIsStoredOnce() {
        for (Logged logged : log) {
            Mark mark = logged.mark();
            Request request = requests.get(mark.request());
            if (request == null || !request.records().contains(mark)) {
                violations.add("never sent: " + logged);
            }
            Logged before = byMark.put(mark, logged);
            if (before != null) {
                violations.add("stored twice: " + before + " and " + logged);
            }
        }
    }

    private void requestsAreStoredCompletelyOrNotAtAll() {
        for (Request request : requests.values()) {
            long stored = request.records().stream().filter(byMark::containsKey).count();
            if (stored != 0 && stored != request.records().size()) {
                violations.add("torn: " + stored + " of " + request.records().size() + " records of " + request);
            }
        }
    }

    private void answersAreTrue() {
        for (Request request : requests.values()) {
            switch (request.outcome()) {
                case Outcome.Stored stored -> isAtItsAcknowledgedPosition(request, stored);
                case Outcome.NotStored _ -> {
                    if (request.records().stream().anyMatch(byMark::containsKey)) {
                        violations.add("reported as not stored, but is: " + request);
                    }
                }
                case Outcome.Unknown _ -> {
                    // Stored or not: both are allowed.
                }
            }
        }
    }

    private void isAtItsAcknowledgedPosition(Request request, Outcome.Stored stored) {
        for (int i = 0; i < request.records().size(); i++) {
            Logged found = byMark.get(request.records().get(i));
            if (found == null) {
                violations.add("lost: " + request.records().get(i) + " acknowledged at "
                        + stored.positions().get(i));
            } else if (!found.at().equals(stored.positions().get(i))) {
                violations.add("misplaced: " + found + " acknowledged at "
                        + stored.positions().get(i));
            }
        }
    }

    /**
     * For each key, the records of one producer are in one partition and in the order of their sequence. A producer
     * that continues after an unknown outcome gives up the order of that request relative to later ones: a hub that was
     * frozen meanwhile may store it late. Within the request the order must hold.
     */
    private void sequencesRise() {
        record Line(String producer, String key) {}
        Map<Line, Logged> highest = new HashMap<>();
        Map<Line, Mark> previous = new HashMap<>();
        for (Logged logged : log) {
            Mark mark = logged.mark();
            Line line = new Line(mark.producer(), mark.key());
            Logged before = highest.get(line);
            if (before == null || before.mark().sequence() < mark.sequence()) {
                highest.put(line, logged);
            } else if (isStored(mark) || isOutOfOrderInItsRequest(mark, previous.get(line))) {
                violations.add("out of order: " + logged + " after " + before);
            }
            previous.put(line, mark);
            if (before != null && before.at().partition() != logged.at().partition()) {
                violations.add("one key in two partitions: " + before + " and " + logged);
            }
        }
    }

    private boolean isStored(Mark mark) {
        Request request = requests.get(mark.request());
        return request != null && request.outcome() instanceof Outcome.Stored;
    }

    private static boolean isOutOfOrderInItsRequest(Mark mark, @Nullable Mark previous) {
        return previous != null && previous.request().equals(mark.request()) && previous.sequence() >= mark.sequence();
    }
}
