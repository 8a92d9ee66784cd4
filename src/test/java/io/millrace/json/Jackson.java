package io.millrace.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A second opinion on what is JSON: Jackson's strict streaming parser, which here reads characters, not bytes. */
public final class Jackson {

    private static final JsonFactory FACTORY = factory(JsonScanner.MAX_DEPTH);

    /** For records within a request. */
    private static final JsonFactory DEEP = factory(2 * JsonScanner.MAX_DEPTH);

    /**
     * A backslash and {@code u} with a character beyond ASCII among the next four: Jackson takes the low byte of such a
     * character for a hexadecimal digit, so U+0663 for a c.
     */
    private static final Pattern WRONG_DIGIT = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u\\p{ASCII}{0,3}\\P{ASCII}");

    private Jackson() {}

    private static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxNumberLength(1_000_000)
                        .build())
                .build();
    }

    /** Whether the text is exactly one value, nested no deeper than the scanner's. */
    public static boolean accepts(String text) {
        return accepts(text, FACTORY);
    }

    /** Whether the text is exactly one value, such as a request with records. */
    public static boolean acceptsDeep(String text) {
        return accepts(text, DEEP);
    }

    private static boolean accepts(String text, JsonFactory factory) {
        if (WRONG_DIGIT.matcher(text).find()) {
            return false;
        }
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null;
        } catch (JacksonException refused) {
            return false;
        }
    }

    /** The text of each field {@code name} of the objects in the text's first array, by the tokens' locations. */
    public static List<String> slices(String text, String name) {
        List<String> slices = new ArrayList<>();
        try (JsonParser parser = parser(text)) {
            while (parser.nextToken() != JsonToken.START_ARRAY) {
                // skip to the array
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean wanted = parser.currentName().equals(name);
                    parser.nextToken();
                    int from = (int) parser.currentTokenLocation().getCharOffset();
                    parser.skipChildren();
                    parser.finishToken();
                    if (wanted) {
                        slices.add(text.substring(
                                from, (int) parser.currentLocation().getCharOffset()));
                    }
                }
            }
        }
        return slices;
    }

    /**
     * The text as maps, lists and scalars: numbers as they are written; the outermost object without {@code offset},
     * {@code timestamp}, {@code topic} and {@code partition}.
     */
    public static @Nullable Object tree(String text) {
        try (JsonParser parser = parser(text)) {
            parser.nextToken();
            Object tree = tree(parser);
            if (tree instanceof Map<?, ?> record) {
                record.keySet().removeAll(List.of("offset", "timestamp", "topic", "partition"));
            }
            return tree;
        }
    }

    private static @Nullable Object tree(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> members = new HashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, tree(parser));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(tree(parser));
                }
                yield elements;
            }
            case VALUE_NULL -> null;
            case VALUE_STRING -> parser.getString();
            default -> parser.currentToken() + " " + parser.getString();
        };
    }

    private static JsonParser parser(String text) {
        return DEEP.createParser(ObjectReadContext.empty(), text);
    }
}
