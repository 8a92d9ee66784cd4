package io.millrace.edge;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.RequestFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON object of a request, in a body or a frame. A field of the wrong type is refused with its place, and a field
 * that is null counts as not given.
 */
public final class JsonFields implements RequestFields {

    /** Twice what the largest requests have. A token costs up to 50 bytes in the tree, and up to 17 in the text. */
    private static final int MOST_TOKENS = 250_000;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Place place;
    private final JsonNode object;

    private JsonFields(Place place, JsonNode object) {
        this.place = place;
        this.object = object;
    }

    /**
     * @param known the fields that the request may have
     * @throws HubException {@link HubError#MALFORMED_JSON}, {@link HubError#INVALID_REQUEST}
     */
    public static JsonFields parse(byte[] bytes, Set<String> known) {
        JsonNode body = tree(bytes);
        if (!body.isObject()) {
            throw invalid(Place.WHOLE, "wrong_type", "the body must be an object");
        }
        return of(body, known);
    }

    /**
     * A request that has been parsed already.
     *
     * @param known the fields that it may have
     * @throws HubException {@link HubError#INVALID_REQUEST}
     */
    public static JsonFields of(JsonNode object, Set<String> known) {
        return object(Place.WHOLE, object, known);
    }

    /** Jackson reads a tree here, so what it refuses is not JSON; its messages are for programmers. */
    private static JsonNode tree(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException notJson) {
            if (notJson instanceof StreamConstraintsException
                    && notJson.getOriginalMessage().startsWith("Token count")) {
                throw new HubException(
                        HubError.REQUEST_TOO_LARGE, "the body has more than " + MOST_TOKENS + " names and values");
            }
            TokenStreamLocation location = notJson.getLocation();
            long at = location == null ? -1 : location.getByteOffset();
            String detail =
                    "the body is not a single JSON value, or repeats a name" + (at < 0 ? "" : ", at byte offset " + at);
            HubException refusal = new HubException(HubError.MALFORMED_JSON, Place.WHOLE, "malformed_json", detail);
            throw at < 0 ? refusal : refusal.with("byte_offset", at);
        }
    }

    private static JsonFields object(Place place, JsonNode node, Set<String> known) {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw invalid(place.within(name), "unknown_field", "there is no such field here");
            }
        }
        return new JsonFields(place, node);
    }

    private Place place(String name) {
        return place.within(name);
    }

    /** A field of any type, including null. */
    public Optional<JsonNode> node(String name) {
        return Optional.ofNullable(object.get(name));
    }

    public boolean has(String name) {
        JsonNode value = object.get(name);
        return value != null && !value.isNull();
    }

    @Override
    public Optional<String> text(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw invalid(place(name), "wrong_type", name + " must be a string");
        }
        return Optional.of(value.stringValue());
    }

    @Override
    public Optional<String> textOrNumber(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString() && !value.isIntegralNumber()) {
            throw invalid(place(name), "wrong_type", name + " must be a string or a whole number");
        }
        return Optional.of(value.asString());
    }

    /** A whole number that an {@code int} can hold. */
    public OptionalInt wholeNumber(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw invalid(place(name), "wrong_type", name + " must be a whole number");
        }
        return OptionalInt.of(value.intValue());
    }

    @Override
    public OptionalLong number(String name, long min, long max) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber()) {
            throw invalid(place(name), "wrong_type", name + " must be a whole number");
        }
        if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            throw invalid(place(name), "out_of_range", name + " must be from " + min + " to " + max);
        }
        return OptionalLong.of(value.longValue());
    }

    /** A field that is an object. */
    public JsonFields requiredObject(String name, Set<String> known) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            throw required(name);
        }
        if (!value.isObject()) {
            throw invalid(place(name), "wrong_type", name + " must be an object");
        }
        return object(place(name), value, known);
    }

    @Override
    public List<String> texts(String name, int most) {
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode element : array(name, most)) {
            Place at = place(name).within(texts.size());
            if (!element.isString()) {
                throw invalid(at, "wrong_type", name + " must be an array of strings");
            }
            if (!texts.add(element.stringValue())) {
                throw invalid(at, "duplicate", "it is given twice");
            }
        }
        return List.copyOf(texts);
    }

    /** Objects, at least one. */
    public List<JsonFields> requiredObjects(String name, Set<String> known, int most) {
        if (!has(name)) {
            throw required(name);
        }
        return objects(name, known, most);
    }

    /** Objects, at least one; empty if the field is not given. */
    public List<JsonFields> objects(String name, Set<String> known, int most) {
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode element : array(name, most)) {
            Place at = place(name).within(objects.size());
            if (!element.isObject()) {
                throw invalid(at, "wrong_type", name + " must be an array of objects");
            }
            objects.add(object(at, element, known));
        }
        return objects;
    }

    private List<JsonNode> array(String name, int most) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw invalid(place(name), "wrong_type", name + " must be an array");
        }
        if (value.isEmpty()) {
            throw invalid(place(name), "too_few", name + " must have at least one element");
        }
        if (value.size() > most) {
            throw invalid(place(name), "too_many", name + " may have at most " + most + " elements");
        }
        return List.copyOf(value.values());
    }

    @Override
    public HubException refusal(String name, String code, String detail) {
        return invalid(place(name), code, detail);
    }

    @Override
    public HubException refusal(String code, String detail) {
        return invalid(place, code, detail);
    }

    private static HubException invalid(Place place, String code, String detail) {
        return new HubException(HubError.INVALID_REQUEST, place, code, detail);
    }
}
