package io.millrace.codec;

import io.millrace.json.Jackson;
import io.millrace.json.JsonGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A random record as a client may write it.
 *
 * @param json the record
 * @param expected the record as a client reads it back, parsed by {@link Jackson#tree}, without offset and timestamp
 */
record RoundTrip(String json, Map<String, Object> expected) {

    private static final String CHARACTERS = "abc \"\\/\n\r\t\b\f\u0000\u001f\u007féπ€\u2028\uffff";

    static RoundTrip random(JsonGenerator random) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, Object> expected = new HashMap<>();
        expected.put("key", null);
        expected.put("value", null);
        switch (random.below(3)) {
            case 0 -> text("key", fields, expected, random);
            case 1 -> binary("key", fields, expected, random);
            default -> {}
        }
        switch (random.below(4)) {
            case 0 -> binary("value", fields, expected, random);
            case 1 -> {}
            default -> {
                String value = random.value();
                fields.put("value", value);
                expected.put("value", Jackson.tree(value));
            }
        }
        expected.put("headers", headers(fields, random));
        StringBuilder json = new StringBuilder("{");
        fields.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",")
                .append(random.space() + '"' + name + '"' + random.space() + ':' + random.space() + value)
                .append(random.space()));
        return new RoundTrip(json.append('}').toString(), expected);
    }

    private static List<Object> headers(Map<String, String> fields, JsonGenerator random) {
        List<Object> expected = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        for (int count = random.below(4); count > 0; count--) {
            Map<String, String> header = new LinkedHashMap<>();
            Map<String, Object> tree = new HashMap<>();
            if (random.below(2) == 0) {
                text("value", header, tree, random);
            } else {
                binary("value", header, tree, random);
            }
            header.put("name", "\"n" + count + "\\u00e9\"");
            tree.put("name", "n" + count + "é");
            expected.add(tree);
            headers.add("{"
                    + String.join(
                            ", ",
                            header.entrySet().stream()
                                    .map(field -> '"' + field.getKey() + "\": " + field.getValue())
                                    .toList())
                    + "}");
        }
        fields.put("headers", headers.toString());
        return expected;
    }

    /** A string without lone surrogates, some of its characters escaped. */
    private static void text(
            String name, Map<String, String> fields, Map<String, Object> expected, JsonGenerator random) {
        StringBuilder written = new StringBuilder("\"");
        StringBuilder plainText = new StringBuilder();
        for (int count = random.below(12); count > 0; count--) {
            int character = CHARACTERS.charAt(random.below(CHARACTERS.length()));
            String plain = random.below(8) == 0 ? "🛫" : Character.toString(character);
            plainText.append(plain);
            boolean escaped = character < ' ' || character == '"' || character == '\\' || random.below(3) == 0;
            for (char unit : plain.toCharArray()) {
                written.append(escaped ? "\\u%04x".formatted((int) unit) : unit);
            }
        }
        fields.put(name, written.append('"').toString());
        expected.put(name, plainText.toString());
    }

    private static void binary(
            String name, Map<String, String> fields, Map<String, Object> expected, JsonGenerator random) {
        byte[] bytes = new byte[random.below(20)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.below(256);
        }
        String base64 = Base64.getEncoder().encodeToString(bytes);
        fields.put(name + "_base64", '"' + base64 + '"');
        expected.remove(name);
        expected.put(name + "_base64", base64);
    }

    /** A written record without its offset, as a client would produce it again. */
    String reproduced(String written) {
        return written.replaceFirst("\"offset\":[0-9]+,", "");
    }
}
