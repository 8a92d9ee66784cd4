package io.millrace.verify.check;

import static io.millrace.verify.check.Promise.ACKNOWLEDGED_RECORDS_STAY;
import static io.millrace.verify.check.Promise.ANSWERS_ARE_TRUE;
import static io.millrace.verify.check.Promise.KEYS_KEEP_THEIR_ORDER;
import static io.millrace.verify.check.Promise.OFFSETS_HAVE_NO_GAPS;
import static io.millrace.verify.check.Promise.REQUESTS_ARE_WHOLE;

import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.history.Position;
import io.millrace.verify.history.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the answers that producers got with the log. The log is given partition by partition, each in the order in
 * which it was read. Requests are not repeated here, so a record that occurs twice was stored twice by the hub.
 */
public final class LogCheck {

    private final Map<String, Request> requests = new HashMap<>();
    private final List<Logged> log;
    private final Map<Mark, Logged> byMark = new HashMap<>();
    private final Findings findings = new Findings();

    private LogCheck(List<Request> sent, List<Logged> log) {
        this.log = log;
        sent.forEach(request -> requests.put(request.id(), request));
    }

    public static Findings of(List<Request> sent, List<Logged> log) {
        LogCheck check = new LogCheck(sent, log);
        check.offsetsHaveNoGapsAndNoRepeats();
        check.everyRecordWasSentAndIsStoredOnce();
        check.requestsAreStoredCompletelyOrNotAtAll();
        check.answersAreTrue();
        check.sequencesRise();
        return check.findings;
    }

    private void offsetsHaveNoGapsAndNoRepeats() {
        Map<Integer, Long> next = new HashMap<>();
        for (Logged logged : log) {
            Position at = logged.at();
            long expected = next.getOrDefault(at.partition(), 0L);
            if (at.offset() != expected) {
                findings.add(OFFSETS_HAVE_NO_GAPS, "offset " + expected + " was expected instead of " + logged);
            }
            next.put(at.partition(), at.offset() + 1);
        }
    }

    private void everyRecordWasSentAndIsStoredOnce() {
        for (Logged logged : log) {
            Mark mark = logged.mark();
            Request request = requests.get(mark.request());
            if (request == null || !request.contains(mark)) {
                findings.add(REQUESTS_ARE_WHOLE, "never sent: " + logged);
            }
            Logged before = byMark.put(mark, logged);
            if (before != null) {
                findings.add(REQUESTS_ARE_WHOLE, "stored twice: " + before + " and " + logged);
            }
        }
    }

    private void requestsAreStoredCompletelyOrNotAtAll() {
        for (Request request : requests.values()) {
            long stored = request.records().stream().filter(byMark::containsKey).count();
            if (stored != 0 && stored != request.records().size()) {
                findings.add(
                        REQUESTS_ARE_WHOLE,
                        "torn: " + stored + " of " + request.records().size() + " records of " + described(request));
            }
        }
    }

    private void answersAreTrue() {
        for (Request request : requests.values()) {
            switch (request.outcome()) {
                case Outcome.Stored stored -> isAtItsAcknowledgedPosition(request, stored);
                case Outcome.NotStored _ -> {
                    if (request.records().stream().anyMatch(byMark::containsKey)) {
                        findings.add(ANSWERS_ARE_TRUE, "reported as not stored, but is: " + described(request));
                    }
                }
                case Outcome.Unknown _ -> {
                    // Stored or not: both are allowed.
                }
            }
        }
    }

    private void isAtItsAcknowledgedPosition(Request request, Outcome.Stored stored) {
        if (stored.positions().size() != request.records().size()) {
            findings.add(
                    ANSWERS_ARE_TRUE,
                    stored.positions().size() + " positions for "
                            + request.records().size() + " records of " + described(request));
            return;
        }
        for (int i = 0; i < request.records().size(); i++) {
            Logged found = byMark.get(request.records().get(i));
            if (found == null) {
                findings.add(
                        ACKNOWLEDGED_RECORDS_STAY,
                        "lost: " + request.records().get(i) + " acknowledged at "
                                + stored.positions().get(i));
            } else if (!found.at().equals(stored.positions().get(i))) {
                findings.add(
                        ANSWERS_ARE_TRUE,
                        "misplaced: " + found + " acknowledged at "
                                + stored.positions().get(i));
            }
        }
    }

    private static String described(Request request) {
        return "request " + request.id() + ", beginning with "
                + request.records().getFirst();
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
                findings.add(KEYS_KEEP_THEIR_ORDER, "out of order: " + logged + " after " + before);
            }
            previous.put(line, mark);
            if (before != null && before.at().partition() != logged.at().partition()) {
                findings.add(KEYS_KEEP_THEIR_ORDER, "one key in two partitions: " + before + " and " + logged);
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
