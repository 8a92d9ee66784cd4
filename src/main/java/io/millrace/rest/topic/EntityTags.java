package io.millrace.rest.topic;

import io.millrace.topic.Topic;
import java.util.Arrays;
import java.util.function.Predicate;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The entity tag of a topic's configuration (RFC 9110, section 8.8.3): a later topic of the same name has a different
 * one.
 */
final class EntityTags {

    private EntityTags() {}

    static String of(Topic topic) {
        return "\"" + topic.id() + "-" + topic.version() + "\"";
    }

    /** Whether the request may be applied to a topic: If-Match is absent, {@code *}, or names the topic's tag. */
    static Predicate<Topic> precondition(ServerHttpRequest request) {
        String condition = request.getHeaders().getFirst(HttpHeaders.IF_MATCH);
        if (condition == null || condition.strip().equals("*")) {
            return _ -> true;
        }
        return topic -> Arrays.stream(condition.split(",")).map(String::strip).anyMatch(of(topic)::equals);
    }
}
