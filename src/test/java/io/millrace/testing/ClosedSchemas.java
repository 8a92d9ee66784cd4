package io.millrace.testing;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes schemas stricter than a document may be, so that tests see what it does not mention: an object has no other
 * members than those named. A document for users leaves room for more, since clients are to ignore what they do not
 * know.
 */
final class ClosedSchemas {

    private static final Set<String> COMBINATIONS = Set.of("allOf", "oneOf", "anyOf");

    private ClosedSchemas() {}

    /** Closes a schema and all within it. */
    static void close(JsonNode schema) {
        close(schema, false);
    }

    /** Closes what is within a schema that others refer to; they close it, as it may be only a part of theirs. */
    static void closeDefinition(JsonNode schema) {
        close(schema, true);
    }

    private static void close(JsonNode schema, boolean part) {
        if (schema instanceof ObjectNode object) {
            boolean describesMembers = object.has("properties")
                    || object.has("$ref")
                    || COMBINATIONS.stream().anyMatch(object::has);
            if (describesMembers && !part && !object.has("additionalProperties")) {
                object.put("unevaluatedProperties", false);
            }
            object.path("properties").forEach(member -> close(member, false));
            close(object.path("items"), false);
            for (String combination : COMBINATIONS) {
                object.path(combination).forEach(element -> close(element, true));
            }
        }
    }
}
