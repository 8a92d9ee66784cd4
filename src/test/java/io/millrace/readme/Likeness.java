package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Compares the frames of one connection with those that a page prints. They must have the same fields with the printed
 * values, except for three:
 *
 * <ul>
 *   <li>{@code timestamp} is any whole number from 1 on
 *   <li>{@code member_id} is any text
 *   <li>{@code epoch} in a group is any whole number, also where the {@code detail} of an error says it; without a
 *       group it is 0, as printed
 * </ul>
 *
 * For the last two, equal printed values must be equal, and different ones different.
 */
final class Likeness {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> NAMES = Set.of("member_id", "epoch");

    /** For each of these fields, the actual value of each printed one. */
    private final Map<String, Map<JsonNode, JsonNode>> meant = new HashMap<>();

    void check(JsonNode printed, JsonNode received) {
        assertThat(asPrinted("", printed, received)).as("%s", received).isEqualTo(printed);
    }

    /** A printed frame with the actual epochs and member ids. */
    JsonNode meaning(JsonNode printed) {
        return mapped("", printed);
    }

    private JsonNode mapped(String field, JsonNode printed) {
        if (printed instanceof ObjectNode object) {
            ObjectNode made = JSON.createObjectNode();
            object.propertyNames().forEach(name -> made.set(name, mapped(name, object.path(name))));
            return made;
        }
        if (printed instanceof ArrayNode array) {
            ArrayNode made = JSON.createArrayNode();
            array.forEach(element -> made.add(mapped("", element)));
            return made;
        }
        return meant(field).getOrDefault(printed, printed);
    }

    private JsonNode asPrinted(String field, JsonNode printed, JsonNode received) {
        if (received instanceof ObjectNode object) {
            ObjectNode made = JSON.createObjectNode();
            object.propertyNames()
                    .forEach(name -> made.set(name, asPrinted(name, printed.path(name), object.path(name))));
            return made;
        }
        if (received instanceof ArrayNode array) {
            ArrayNode made = JSON.createArrayNode();
            for (int i = 0; i < array.size(); i++) {
                made.add(asPrinted("", printed.path(i), array.path(i)));
            }
            return made;
        }
        if (received.getNodeType() != printed.getNodeType()) {
            return received;
        }
        return switch (field) {
            case "timestamp" -> received.isIntegralNumber() && received.longValue() > 0 ? printed : received;
            case "member_id", "epoch" -> isMeant(field, printed, received) ? printed : received;
            case "detail" -> StringNode.valueOf(withPrintedEpochs(received.stringValue()));
            default -> received;
        };
    }

    private boolean isMeant(String field, JsonNode printed, JsonNode received) {
        if (printed.isNumber() && printed.longValue() == 0) {
            return false;
        }
        Map<JsonNode, JsonNode> known = meant(field);
        JsonNode before = known.get(printed);
        if (before == null && !known.containsValue(received)) {
            known.put(printed, received);
            return true;
        }
        return received.equals(before);
    }

    private String withPrintedEpochs(String detail) {
        for (Map.Entry<JsonNode, JsonNode> epoch : meant("epoch").entrySet()) {
            String said = " epoch " + epoch.getValue().asString();
            if (detail.endsWith(said)) {
                return detail.substring(0, detail.length() - said.length()) + " epoch "
                        + epoch.getKey().asString();
            }
        }
        return detail;
    }

    private Map<JsonNode, JsonNode> meant(String field) {
        return NAMES.contains(field) ? meant.computeIfAbsent(field, _ -> new HashMap<>()) : Map.of();
    }
}
