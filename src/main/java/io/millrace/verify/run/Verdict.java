package io.millrace.verify.run;

import io.millrace.event.Acks;
import io.millrace.verify.check.DeliveryCheck;
import io.millrace.verify.check.Findings;
import io.millrace.verify.check.GroupCheck;
import io.millrace.verify.check.LogCheck;
import io.millrace.verify.check.Promise;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.history.Request;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which promises were kept, broken, or not checked. A run in which something did not end in time, or nothing was
 * stored, has no verdict: it must not pass for a good one.
 */
public final class Verdict {

    /**
     * What was found about one promise.
     *
     * @param evidence what was compared, such as {@code 1,234 records}, or why it was not checked
     * @param violations the first of them
     */
    public record Line(Promise promise, Status status, String evidence, long count, List<String> violations) {}

    /** Whether a promise was kept. */
    public enum Status {
        KEPT("kept"),
        BROKEN("BROKEN"),
        NOT_CHECKED("not checked");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final List<String> unfinished;

    private Verdict(List<String> unfinished) {
        this.unfinished = unfinished;
    }

    /** Compares what was observed with the promises. */
    public static Verdict of(Observations seen, Settings settings) {
        List<String> unfinished = new ArrayList<>(seen.unfinished());
        if (seen.log().isEmpty()) {
            unfinished.add("no record was stored: there is nothing to verify");
        }
        Verdict verdict = new Verdict(unfinished);
        Findings findings = findings(seen, settings);
        Map<Promise, String> evidence = evidence(seen);
        Map<Promise, String> missing = notChecked(seen, settings);
        for (Promise promise : Promise.values()) {
            long count = findings.count(promise);
            String reason = missing.get(promise);
            Status status = count > 0 ? Status.BROKEN : reason == null ? Status.KEPT : Status.NOT_CHECKED;
            verdict.lines.add(new Line(
                    promise,
                    status,
                    Objects.requireNonNull(reason != null && count == 0 ? reason : evidence.get(promise)),
                    count,
                    findings.first(promise).stream()
                            .map(violation -> violation.text())
                            .toList()));
        }
        return verdict;
    }

    private static Findings findings(Observations seen, Settings settings) {
        Findings findings = LogCheck.of(seen.requests(), seen.log());
        seen.received().forEach((reader, received) -> findings.plus(DeliveryCheck.of(reader, received, seen.log())));
        if (!settings.members().isEmpty()) {
            findings.plus(GroupCheck.of(
                    seen.events(),
                    GroupCheck.due(seen.requests(), seen.events(), seen.log()),
                    GroupCheck.Faults.UNKNOWN));
        }
        return findings;
    }

    private static Map<Promise, String> evidence(Observations seen) {
        long acknowledged = acknowledged(seen.requests());
        long received = seen.received().values().stream().mapToLong(List::size).sum();
        long processed = count(seen, GroupEvent.Processed.class);
        Map<Promise, String> evidence = new EnumMap<>(Promise.class);
        evidence.put(Promise.ACKNOWLEDGED_RECORDS_STAY, Counts.of(acknowledged, "acknowledged record"));
        evidence.put(Promise.OFFSETS_HAVE_NO_GAPS, Counts.of(seen.log().size(), "record"));
        evidence.put(Promise.KEYS_KEEP_THEIR_ORDER, Counts.of(seen.log().size(), "record"));
        evidence.put(Promise.DELIVERED_RECORDS_STAY, Counts.of(received + processed, "receipt"));
        evidence.put(Promise.REQUESTS_ARE_WHOLE, Counts.of(seen.requests().size(), "request"));
        evidence.put(Promise.RETRIES_STORE_NOTHING_TWICE, "");
        evidence.put(
                Promise.PARTITIONS_HAVE_ONE_OWNER,
                Counts.of(assignedPartitions(seen), "assigned partition") + ", "
                        + Counts.of(count(seen, GroupEvent.Commit.class), "answered commit"));
        evidence.put(
                Promise.COMMITTED_OFFSETS_STAY, Counts.of(count(seen, GroupEvent.Observed.class), "observed offset"));
        evidence.put(Promise.GROUPS_SEE_EVERY_RECORD, Counts.of(processed, "processed record"));
        evidence.put(Promise.ANSWERS_ARE_TRUE, Counts.of(answered(seen.requests()), "clear answer"));
        return evidence;
    }

    private static Map<Promise, String> notChecked(Observations seen, Settings settings) {
        Map<Promise, String> reasons = new EnumMap<>(Promise.class);
        reasons.put(Promise.RETRIES_STORE_NOTHING_TWICE, "this version has no idempotent producers");
        if (settings.acks() == Acks.NONE) {
            reasons.put(Promise.ACKNOWLEDGED_RECORDS_STAY, "with acks=0 nothing is acknowledged");
        } else if (acknowledged(seen.requests()) == 0) {
            reasons.put(Promise.ACKNOWLEDGED_RECORDS_STAY, "nothing was acknowledged");
        }
        if (settings.members().isEmpty()) {
            String none = "there were no consumers";
            reasons.put(Promise.PARTITIONS_HAVE_ONE_OWNER, none);
            reasons.put(Promise.COMMITTED_OFFSETS_STAY, none);
            reasons.put(Promise.GROUPS_SEE_EVERY_RECORD, none);
        }
        return reasons;
    }

    private static long acknowledged(List<Request> requests) {
        return requests.stream()
                .filter(request -> request.outcome() instanceof Outcome.Stored)
                .mapToLong(request -> request.records().size())
                .sum();
    }

    private static long answered(List<Request> requests) {
        return requests.stream()
                .filter(request -> !(request.outcome() instanceof Outcome.Unknown))
                .count();
    }

    private static long count(Observations seen, Class<? extends GroupEvent> kind) {
        return seen.events().stream().filter(kind::isInstance).count();
    }

    private static long assignedPartitions(Observations seen) {
        return seen.events().stream()
                .mapToLong(event -> event instanceof GroupEvent.Assigned assigned
                        ? assigned.nextOffsets().size()
                        : 0)
                .sum();
    }

    /** One for each promise, in the order of their numbers. */
    List<Line> lines() {
        return lines;
    }

    /** Why there is no verdict, in words; empty if there is one. */
    List<String> unfinished() {
        return unfinished;
    }

    private long broken() {
        return lines.stream().filter(line -> line.status() == Status.BROKEN).count();
    }

    /** Why the run failed; null if it did not. */
    @Nullable
    public String failure() {
        if (broken() > 0) {
            return Counts.of(broken(), "promise") + (broken() == 1 ? " was" : " were") + " broken";
        }
        return unfinished.isEmpty() ? null : "no verdict: " + String.join("; ", unfinished);
    }
}
