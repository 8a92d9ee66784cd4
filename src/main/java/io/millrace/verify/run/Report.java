package io.millrace.verify.run;

import io.millrace.client.message.Json;
import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;

/** What a run says, for people and for programs. */
public final class Report {

    private static final int LABEL_WIDTH = 34;

    private final Observations seen;
    private final Verdict verdict;
    private final Settings settings;

    public Report(Observations seen, Verdict verdict, Settings settings) {
        this.seen = seen;
        this.verdict = verdict;
        this.settings = settings;
    }

    /** A promise in JSON. */
    private record Line(
            int number,
            String promise,
            String status,
            String evidence,
            long violations,
            List<String> firstViolations) {}

    private Map<String, Object> results() {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("topic", settings.topic());
        results.put("seed", Long.toString(settings.seed()));
        results.put("requests_stored", requests(Outcome.Stored.class));
        results.put("requests_not_stored", requests(Outcome.NotStored.class));
        results.put("requests_unknown", requests(Outcome.Unknown.class));
        results.put("records_in_the_log", seen.log().size());
        results.put("longest_pause_ms", longestPause(seen.attempts()).toMillis());
        results.put("answers", answers());
        results.put("group_errors", groupErrors());
        results.put("stalls_of_this_process", events(GroupEvent.Stalled.class).size());
        return results;
    }

    /** @param title the command and the hubs */
    public String text(String title) {
        StringBuilder text = new StringBuilder(title).append("\n\n");
        results()
                .forEach((name, value) -> text.append(String.format(
                        Locale.ROOT, "%-" + LABEL_WIDTH + "s %s\n", name.replace('_', ' '), shown(value))));
        text.append('\n');
        for (Verdict.Line line : verdict.lines()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%2d  %-11s  %s (%s)\n",
                    line.promise().number(),
                    line.status().text(),
                    line.promise().text(),
                    line.evidence()));
            line.violations()
                    .forEach(
                            violation -> text.append("      ").append(violation).append('\n'));
            long more = line.count() - line.violations().size();
            if (more > 0) {
                text.append("      and ")
                        .append(Counts.of(more, "more violation"))
                        .append('\n');
            }
        }
        text.append('\n');
        verdict.unfinished()
                .forEach(what -> text.append("Unfinished: ").append(what).append('\n'));
        String failure = verdict.failure();
        text.append(failure == null ? "Every promise that was checked was kept." : capitalised(failure) + ".");
        return text.append('\n').toString();
    }

    /**
     * @param parameters of the run
     * @param environment in which it took place
     */
    public String json(Map<String, Object> parameters, Map<String, @Nullable Object> environment) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("command", "verify");
        document.put("parameters", parameters);
        document.put("environment", environment);
        document.put("results", results());
        document.put(
                "promises",
                verdict.lines().stream()
                        .map(line -> new Line(
                                line.promise().number(),
                                line.promise().toString(),
                                line.status().name().toLowerCase(Locale.ROOT),
                                line.evidence(),
                                line.count(),
                                line.violations()))
                        .toList());
        document.put("unfinished", verdict.unfinished());
        document.put("failure", verdict.failure());
        return Json.MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(document);
    }

    private static String capitalised(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }

    private static String shown(Object value) {
        return switch (value) {
            case Map<?, ?> counts when counts.isEmpty() -> "none";
            case Map<?, ?> counts ->
                counts.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + shown(entry.getValue()))
                        .collect(Collectors.joining(", "));
            case Number number -> String.format(Locale.ROOT, "%,d", number.longValue());
            default -> value.toString();
        };
    }

    private long requests(Class<? extends Outcome> outcome) {
        return seen.requests().stream()
                .filter(request -> outcome.isInstance(request.outcome()))
                .count();
    }

    /** The longest time without an answer that records are stored, between two such answers. */
    static Duration longestPause(List<Attempt> attempts) {
        List<Long> ends = new ArrayList<>();
        attempts.stream()
                .filter(Attempt::succeeded)
                .map(Attempt::ended)
                .sorted()
                .forEach(ends::add);
        long longest = 0;
        for (int i = 1; i < ends.size(); i++) {
            longest = Math.max(longest, ends.get(i) - ends.get(i - 1));
        }
        return Duration.ofNanos(longest);
    }

    private Map<String, Long> answers() {
        return seen.attempts().stream()
                .collect(Collectors.groupingBy(Attempt::said, TreeMap::new, Collectors.counting()));
    }

    private Map<String, Long> groupErrors() {
        return events(GroupEvent.Failed.class).stream()
                .collect(Collectors.groupingBy(GroupEvent.Failed::code, TreeMap::new, Collectors.counting()));
    }

    private <E extends GroupEvent> List<E> events(Class<E> kind) {
        return seen.events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
