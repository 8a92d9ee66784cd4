package io.millrace.stream.sse;

import io.millrace.consume.StartPositions;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.http.Callers;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * A request for the events of a topic.
 *
 * @param partitions ascending; empty for all, including those added later
 * @param from where to begin without a usable cursor
 * @param cursor to resume from, as sent by the client
 * @param failOnGap whether to refuse the request, or end the stream, instead of continuing after a gap
 */
record SseTopicRequest(
        String topic,
        Set<Integer> partitions,
        StartPosition from,
        @Nullable String cursor,
        boolean failOnGap) {

    private static final Set<String> PARAMETERS = Set.of("from", "partitions", "on_gap", "cursor", Callers.TICKET);
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    /** @throws HubException {@link HubError#INVALID_REQUEST} with the wrong parameter */
    static SseTopicRequest of(String topic, ServerHttpRequest request) {
        QueryParameters parameters = QueryParameters.of(request, PARAMETERS);
        return new SseTopicRequest(
                topic,
                new TreeSet<>(parameters.numbers("partitions", StartPositions.MOST_NAMED)),
                StartPositions.from(parameters),
                cursor(parameters, request.getHeaders()),
                failOnGap(parameters.text("on_gap").orElse("reset")));
    }

    /** The header wins: a browser that reconnects repeats the URL, with the cursor that it began from. */
    private static @Nullable String cursor(QueryParameters parameters, HttpHeaders headers) {
        String last = headers.getFirst(LAST_EVENT_ID);
        return last == null || last.isEmpty() ? parameters.text("cursor").orElse(null) : last;
    }

    private static boolean failOnGap(String onGap) {
        return switch (onGap) {
            case "reset" -> false;
            case "fail" -> true;
            default -> throw QueryParameters.invalid("on_gap", "invalid_parameter", "on_gap must be reset or fail");
        };
    }
}
