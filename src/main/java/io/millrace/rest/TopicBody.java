package io.millrace.rest;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.JsonPointers;
import io.millrace.event.Violation;
import io.millrace.topic.ConfigKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of a request that creates or changes a topic, with every member of its type or refused with its place. */
final class TopicBody {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode body;

    private TopicBody(JsonNode body) {
        this.body = body;
    }

    /**
     * @param known the members that the request may have
     * @throws HubException {@link HubError#MALFORMED_JSON}, {@link HubError#INVALID_REQUEST}
     */
    static TopicBody parse(byte[] bytes, Set<String> known) {
        JsonNode body = tree(bytes);
        if (!body.isObject()) {
            throw invalid("#", "wrong_type", "the body is an object");
        }
        for (String name : body.propertyNames()) {
            if (!known.contains(name)) {
                throw invalid("#/" + JsonPointers.token(name), "unknown_field", "there is no such field");
            }
        }
        return new TopicBody(body);
    }

    /** Nothing but JSON is asked for here, so whatever Jackson refuses is none; its messages are for programmers. */
    private static JsonNode tree(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException notJson) {
            TokenStreamLocation location = notJson.getLocation();
            long at = location == null ? -1 : location.getByteOffset();
            String detail =
                    "the body is not one JSON value without repeated names" + (at < 0 ? "" : ", at byte offset " + at);
            HubException refusal =
                    new HubException(HubError.MALFORMED_JSON, detail, new Violation("#", "malformed_json", detail));
            throw at < 0 ? refusal : refusal.with("byte_offset", at);
        }
    }

    /** The topic's name, which must be given. */
    String name() {
        JsonNode name = body.get("name");
        if (name == null || name.isNull()) {
            throw invalid("#/name", "required", "name is required");
        }
        if (!name.isString()) {
            throw invalid("#/name", "wrong_type", "name is a string");
        }
        return name.stringValue();
    }

    OptionalInt partitions() {
        JsonNode partitions = body.get("partitions");
        if (partitions == null || partitions.isNull()) {
            return OptionalInt.empty();
        }
        if (!partitions.isIntegralNumber() || !partitions.canConvertToInt()) {
            throw invalid("#/partitions", "wrong_type", "partitions is a whole number");
        }
        return OptionalInt.of(partitions.intValue());
    }

    /**
     * The settings by their names, as {@link io.millrace.topic.ConfigPatch#of} takes them. A config of null, as in
     * every merge patch, takes all of it away: each setting is back at its default.
     */
    Map<String, Optional<Object>> config() {
        JsonNode config = body.get("config");
        if (config == null) {
            return Map.of();
        }
        if (config.isNull()) {
            return Arrays.stream(ConfigKey.values()).collect(Collectors.toMap(ConfigKey::text, _ -> Optional.empty()));
        }
        if (!config.isObject()) {
            throw invalid("#/config", "wrong_type", "config is an object");
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
        // Anything else is no value of any setting, and is refused as such with its place.
        return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : value;
    }

    private static HubException invalid(String pointer, String code, String detail) {
        return new HubException(HubError.INVALID_REQUEST, detail, new Violation(pointer, code, detail));
    }
}
