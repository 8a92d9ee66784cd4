package io.millrace.rest.topic;

import io.millrace.edge.JsonFields;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.topic.ConfigKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a request that creates or changes a topic. A field of the wrong type is refused with its place. */
final class TopicBody {

    private final JsonFields body;

    private TopicBody(JsonFields body) {
        this.body = body;
    }

    /**
     * @param known the fields that the request may have
     * @throws HubException {@link HubError#MALFORMED_JSON}, {@link HubError#INVALID_REQUEST}
     */
    static TopicBody parse(byte[] bytes, Set<String> known) {
        return new TopicBody(JsonFields.parse(bytes, known));
    }

    /** The topic's name, which must be given. */
    String name() {
        return body.requiredText("name");
    }

    OptionalInt partitions() {
        return body.wholeNumber("partitions");
    }

    /**
     * The settings by name, as {@link io.millrace.topic.ConfigPatch#of} takes them. As in any merge patch, a config of
     * null removes all of it: each setting returns to its default.
     */
    Map<String, Optional<Object>> config() {
        Optional<JsonNode> given = body.node("config");
        if (given.isEmpty()) {
            return Map.of();
        }
        JsonNode config = given.get();
        if (config.isNull()) {
            return Arrays.stream(ConfigKey.values()).collect(Collectors.toMap(ConfigKey::text, _ -> Optional.empty()));
        }
        if (!config.isObject()) {
            throw body.refusal("config", "wrong_type", "config must be an object");
        }
        Map<String, Optional<Object>> changes = new LinkedHashMap<>();
        config.forEachEntry((name, value) -> changes.put(name, Optional.ofNullable(plain(value))));
        return changes;
    }

    private static @Nullable Object plain(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isString()) {
            return value.stringValue();
        }
        // No setting has such a value: the patch refuses it with its place.
        return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : value;
    }
}
