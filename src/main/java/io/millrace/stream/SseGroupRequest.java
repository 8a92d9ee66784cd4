package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.Violation;
import io.millrace.group.AssignorName;
import io.millrace.group.GroupName;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.web.QueryParameters;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * What a member of a group by server-sent events asks for.
 *
 * @param autoCommit whether records are committed before they are sent: at most once
 */
record SseGroupRequest(JoinRequest join, boolean autoCommit) {

    private static final Set<String> PARAMETERS =
            Set.of("topics", "from", "commit", "instance_id", "session_timeout_ms", "assignor");

    /** @throws HubException {@link HubError#INVALID_REQUEST} with the wrong parameter */
    static SseGroupRequest of(String group, ServerHttpRequest request) {
        if (!GroupName.isValid(group)) {
            throw new HubException(HubError.INVALID_REQUEST, "a group name is " + GroupName.RULE);
        }
        QueryParameters parameters = QueryParameters.of(request, PARAMETERS);
        String instance = parameters.text("instance_id").orElse(null);
        if (instance != null && (instance.isEmpty() || instance.length() > FrameReader.LONGEST_NAME)) {
            throw QueryParameters.invalid(
                    "instance_id",
                    "out_of_range",
                    "instance_id must have 1 to " + FrameReader.LONGEST_NAME + " characters");
        }
        OptionalLong timeout = parameters.number("session_timeout_ms", 1, Integer.MAX_VALUE);
        JoinRequest join = new JoinRequest(
                group,
                MemberProtocol.SSE,
                topics(parameters),
                from(parameters),
                instance,
                timeout.isPresent() ? Duration.ofMillis(timeout.getAsLong()) : null,
                parameters.text("assignor").map(SseGroupRequest::assignor).orElse(null));
        return new SseGroupRequest(join, autoCommit(parameters.text("commit").orElse("manual")));
    }

    /** Where in the query the places of a join request stand. */
    static HubException inQuery(HubException refusal) {
        List<Violation> places = refusal.violations().stream()
                .map(place -> new Violation(
                        place.pointer().replaceFirst("^#/([a-z_]+).*$", "?$1"), place.code(), place.detail()))
                .toList();
        return places.isEmpty() ? refusal : refusal.with(places);
    }

    private static List<String> topics(QueryParameters parameters) {
        LinkedHashSet<String> topics = new LinkedHashSet<>();
        String list = parameters.text("topics").orElse("");
        for (String topic : list.split(",", -1)) {
            if (topic.isEmpty() || !topics.add(topic)) {
                throw QueryParameters.invalid(
                        "topics", "invalid_parameter", "topics must be names with commas between them, each once");
            }
        }
        if (topics.size() > FrameReader.MOST_NAMED) {
            throw QueryParameters.invalid(
                    "topics", "out_of_range", "at most " + FrameReader.MOST_NAMED + " topics can be named");
        }
        return List.copyOf(topics);
    }

    private static StartPosition from(QueryParameters parameters) {
        String from = parameters.text("from").orElse(FrameReader.COMMITTED);
        StartPosition position =
                from.equals(FrameReader.COMMITTED) ? new StartPosition.Latest() : StartPositions.parse(from);
        if (position == null) {
            throw QueryParameters.invalid(
                    "from", "invalid_parameter", FrameReader.COMMITTED + ", or " + StartPositions.RULE);
        }
        return position;
    }

    private static AssignorName assignor(String name) {
        return AssignorName.of(name)
                .orElseThrow(() -> QueryParameters.invalid(
                        "assignor", "invalid_parameter", "assignor must be sticky, range or round_robin"));
    }

    private static boolean autoCommit(String commit) {
        return switch (commit) {
            case "auto" -> true;
            case "manual" -> false;
            default -> throw QueryParameters.invalid("commit", "invalid_parameter", "commit must be manual or auto");
        };
    }
}
