package io.millrace.client.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A hub's problem document (RFC 9457), in an answer, a frame or an event. For any other body the code is empty and the
 * detail is the beginning of the body.
 *
 * @param code the error code for programs, such as {@code unknown_topic}
 * @param retryable whether the same request may succeed later, unchanged
 * @param detail what happened this time, for people
 * @param places where in the request something is wrong
 * @param document the whole document, with the fields that only some codes have
 */
public record Problem(
        int status, String code, boolean retryable, String detail, List<Place> places, JsonNode document) {

    /**
     * A place in the request, and what is wrong there.
     *
     * @param pointer a JSON pointer into the body ({@code #/records/3/value}), {@code ?} and a parameter's name, or a
     *     header's name
     */
    public record Place(String pointer, String code, String detail) {}

    private static final int LONGEST_QUOTED = 200;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    /** Reads a document. */
    public static Problem of(JsonNode problem) {
        List<Place> places = new ArrayList<>();
        for (JsonNode error : problem.path("errors")) {
            places.add(new Place(
                    error.path("pointer").asString(""),
                    error.path("code").asString(""),
                    error.path("detail").asString("")));
        }
        return new Problem(
                problem.path("status").asInt(0),
                problem.path("code").asString(""),
                problem.path("retryable").asBoolean(false),
                problem.path("detail").asString(""),
                List.copyOf(places),
                problem);
    }

    /** @param status of the answer, which may be a proxy's */
    public static Problem parse(int status, byte[] body) {
        try {
            Problem problem = of(Json.MAPPER.readTree(body));
            if (!problem.code.isEmpty()) {
                return problem;
            }
        } catch (JacksonException notJson) {
            // Not a problem document, such as a proxy's page.
        }
        String text = new String(body, StandardCharsets.UTF_8).strip();
        String quoted = text.length() > LONGEST_QUOTED ? text.substring(0, LONGEST_QUOTED) + "…" : text;
        boolean retryable = status == UNAVAILABLE || status == TOO_MANY_REQUESTS;
        return new Problem(status, "", retryable, quoted, List.of(), Json.MAPPER.nullNode());
    }

    /** Whether the request may be retried after a pause: status 503 or 429. */
    public boolean isOverload() {
        return status == UNAVAILABLE || status == TOO_MANY_REQUESTS;
    }

    /** A number that only some codes have, such as {@code earliest_offset}; empty if it is missing. */
    public OptionalLong number(String field) {
        JsonNode value = document.path(field);
        return value.isIntegralNumber() ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
    }

    @Override
    public String toString() {
        if (code.isEmpty()) {
            return "status " + status + (detail.isEmpty() ? "" : ": " + detail);
        }
        StringBuilder text = new StringBuilder(status + " " + code + ": " + detail);
        for (Place place : places) {
            text.append("; ").append(place.pointer()).append(": ").append(place.detail());
        }
        return text.toString();
    }
}
