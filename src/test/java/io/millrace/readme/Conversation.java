package io.millrace.readme;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The frames between a client and a hub on one connection, as a page prints them: one frame per line, the client's
 * after {@code >}, the hub's after {@code <}, and events elsewhere after {@code #}.
 */
record Conversation(List<Step> steps) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CLOSE = "close ";

    /** The client's frames that the hub always answers with their {@code ref}. */
    private static final Set<String> QUESTIONS = Set.of("produce", "commit");

    /** A line, or several lines in any order. */
    sealed interface Step {}

    record Sent(JsonNode frame) implements Step {}

    /** @param frames one, or records of several partitions, which arrive in any order */
    record Received(List<JsonNode> frames) implements Step {

        private boolean mayComeBefore(JsonNode next) {
            return Stream.concat(frames.stream(), Stream.of(next)).allMatch(Conversation::isRecords)
                    && frames.stream().noneMatch(frame -> partition(frame) == partition(next));
        }

        private Received and(JsonNode next) {
            return new Received(Stream.concat(frames.stream(), Stream.of(next)).toList());
        }
    }

    record Closed(int code) implements Step {}

    record Elsewhere(String event) implements Step {}

    static List<Conversation> of(Page page) throws IOException {
        return page.blocks("frames").stream().map(Conversation::parse).toList();
    }

    private static Conversation parse(String block) {
        List<Step> steps = new ArrayList<>();
        for (String line : block.lines().toList()) {
            Step step = step(line);
            if (step instanceof Received received
                    && !steps.isEmpty()
                    && steps.getLast() instanceof Received before
                    && before.mayComeBefore(received.frames().getFirst())) {
                steps.set(steps.size() - 1, before.and(received.frames().getFirst()));
            } else {
                steps.add(step);
            }
        }
        return new Conversation(steps);
    }

    private static Step step(String line) {
        String said = line.length() < 2 ? "" : line.substring(2);
        if (line.startsWith("> ")) {
            return new Sent(JSON.readTree(said));
        }
        if (line.startsWith("< ")) {
            return said.startsWith(CLOSE)
                    ? new Closed(Integer.parseInt(said.substring(CLOSE.length())))
                    : new Received(List.of(JSON.readTree(said)));
        }
        if (line.startsWith("# ")) {
            return new Elsewhere(said);
        }
        throw new AssertionError("a line must begin with >, < or #: " + line);
    }

    /** The {@code ref}s of the client's frames that must be answered. */
    Set<String> questions() {
        Set<String> refs = new TreeSet<>();
        for (Step step : steps) {
            if (step instanceof Sent sent
                    && QUESTIONS.contains(sent.frame().path("type").asString(""))) {
                refs.add(sent.frame().path("ref").asString());
            }
        }
        return refs;
    }

    /** The {@code ref}s of the answers. */
    Set<String> answers() {
        Set<String> refs = new TreeSet<>();
        for (Step step : steps) {
            if (step instanceof Received received) {
                received.frames().stream()
                        .filter(frame -> frame.has("ref"))
                        .forEach(frame -> refs.add(frame.path("ref").asString()));
            }
        }
        return refs;
    }

    static int partition(JsonNode records) {
        return records.path("partition").asInt(-1);
    }

    private static boolean isRecords(JsonNode frame) {
        return frame.path("type").asString("").equals("records");
    }
}
