package io.millrace.testing;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes schemas stricter than the published document, so that tests find what it does not mention: an object may have
 * only the described fields. The published document allows more, since clients must ignore unknown fields.
 */
final class ClosedSchemas {

    private static final Set<String> COMBINATIONS = Set.of("allOf", "oneOf", "anyOf");

    private ClosedSchemas() {}

    /** Closes a schema and all nested ones. */
    static void close(JsonNode schema) {
        close(schema, false);
    }

    /**
     * Closes the nested schemas of one that others refer to. Those close it themselves, since it may be only a part of
     * theirs.
     */
    static void closeDefinition(JsonNode schema) {
        close(schema, true);
    }

    private static void close(JsonNode schema, boolean part) {
        if (schema instanceof ObjectNode object) {
            boolean describesFields = object.has("properties")
                    || object.has("$ref")
                    || COMBINATIONS.stream().anyMatch(object::has);
            if (describesFields && !part && !object.has("additionalProperties")) {
                object.put("unevaluatedProperties", false);
            }
            object.path("properties").forEach(field -> close(field, false));
            close(object.path("items"), false);
            for (String combination : COMBINATIONS) {
                object.path(combination).forEach(element -> close(element, true));
            }
        }
    }
}
