package io.millrace.json;

import static io.millrace.fuzz.Bounded.check;
import static io.millrace.fuzz.Bounded.same;
import static io.millrace.json.JsonTexts.text;

import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.Bounded.Outcome;
import io.millrace.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Any JSON: the scanner and Jackson accept the same texts, and read and write the same strings. */
public final class ScannerFuzz implements FuzzTarget {

    private static final long FREE_BYTES = 64 * 1024;

    @Override
    public Stream<byte[]> seeds() {
        JsonGenerator random = new JsonGenerator(7);
        return Stream.concat(
                Stream.of(
                                "\"a\\u00e9\\ud83d\\udeeb\\\"\\\\\\/\\b\\f\\n\\r\\t€\"",
                                "\"\\udeeb\\ud83d\"",
                                "[".repeat(500) + "]".repeat(500),
                                "{\"a\":".repeat(499) + "[]" + "}".repeat(499),
                                "-0.1e+99",
                                "true",
                                "null")
                        .map(JsonTexts::utf8),
                Stream.generate(() -> JsonTexts.utf8(random.space() + random.value()))
                        .limit(30));
    }

    @Override
    public void run(byte[] input) {
        Outcome<Boolean> outcome = Bounded.run(input, FREE_BYTES, JsonSyntaxException.class, () -> {
            JsonTexts.scan(input);
            return true;
        });
        boolean tooLong = outcome.refusal() instanceof JsonSyntaxException wrong
                && wrong.code().equals(JsonSyntaxException.NUMBER_TOO_LONG);
        if (!tooLong) {
            boolean json = JsonTexts.isUtf8(input) && Jackson.accepts(text(input));
            same(json, outcome.accepted(), "the scanner and Jackson agree on what is JSON");
        }
        if (outcome.accepted()) {
            checkString(input);
        }
        if (JsonTexts.isUtf8(input)) {
            String written = text(new JsonBuffer().string(input).toByteArray());
            same(Jackson.tree(written), text(input), "any text can be written as a string");
        }
    }

    private static void checkString(byte[] input) {
        JsonScanner scanner = JsonTexts.scanner(input);
        if (scanner.peek() != '"') {
            return;
        }
        String expected = (String) Jackson.tree(text(input));
        scanner.string();
        byte[] read = scanner.text();
        boolean lone = !StandardCharsets.UTF_8.newEncoder().canEncode(expected);
        same(lone, read == null, "only a lone surrogate cannot be read");
        if (read != null) {
            same(expected, text(read), "a string is read as Jackson does");
            check(scanner.textIs(read), "a string is what it is");
        }
    }
}
