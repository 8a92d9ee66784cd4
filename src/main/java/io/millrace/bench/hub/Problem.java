package io.millrace.bench.hub;

import io.millrace.bench.run.BenchException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A refusal as a hub words it. */
public record Problem(int status, String code, String detail) {

    /** Statuses that ask to come again later. */
    private static final int TOO_MANY_REQUESTS = 429;

    private static final int UNAVAILABLE = 503;

    private static final int LONGEST_QUOTED = 200;

    private static final JsonMapper JSON = new JsonMapper();

    public static Problem of(JsonNode problem) {
        return new Problem(
                problem.path("status").asInt(0),
                problem.path("code").asString(""),
                problem.path("detail").asString(""));
    }

    /** A text that is no problem document has neither code nor detail. */
    static Problem parse(String text) {
        try {
            return of(JSON.readTree(text));
        } catch (JacksonException notJson) {
            return new Problem(0, "", "");
        }
    }

    /** Whether a hub that answers so only asks to be spared for a while. */
    public static boolean isOverload(int status) {
        return status == UNAVAILABLE || status == TOO_MANY_REQUESTS;
    }

    /** @param what was asked for */
    public static BenchException refusal(String what, int status, String body) {
        Problem problem = parse(body);
        String text = body.length() > LONGEST_QUOTED ? body.substring(0, LONGEST_QUOTED) + "…" : body;
        return new BenchException("the hub refused " + what + ": "
                + (problem.code().isEmpty()
                        ? "status " + status + (text.isBlank() ? "" : ": " + text.strip())
                        : problem));
    }

    /** What to end the run with when that frame or event comes unasked. */
    public static BenchException unexpected(JsonNode frame) {
        return switch (frame.path("type").asString("")) {
            case "error" -> new BenchException("the hub refused: " + of(frame.path("problem")));
            case "draining" -> new BenchException("the hub is shutting down");
            default -> new BenchException("the hub sent " + frame);
        };
    }

    @Override
    public String toString() {
        return status + " " + code + ": " + detail;
    }
}
