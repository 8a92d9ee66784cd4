package io.millrace.json;

import java.util.Arrays;
import java.util.Random;

/** Makes random JSON texts, and spoils them. The same seed makes the same texts. */
public final class JsonGenerator {

    private static final int MAX_DEPTH = 6;

    private static final String[] SCALARS = {
        "null", "true", "false", "0", "-0", "1.5", "-2.25e-10", "1E400", "\"\"", "[]", "{}", "[ ]", "{ }"
    };

    private static final String[] PIECES = {
        "a",
        "null",
        "some longer plain text",
        "é",
        "€",
        "🛫",
        "\u007f",
        "\\\"",
        "\\\\",
        "\\/",
        "\\b\\f\\n\\r\\t",
        "\\u0000",
        "\\u20AC",
        "\\ud83d\\udeeb",
        "\\ud83d",
        "\\udeeb",
        "}],:{[",
        "\u2028",
        "\ufeff"
    };

    /** The bytes that a mutation inserts: those with a meaning somewhere. */
    private static final byte[] SPECIAL = JsonTexts.concat(
            JsonTexts.utf8("\"\\{}[]:,/0123456789-+.eEutrfn aA\t\r\n"),
            JsonTexts.hex("00 01 1f 7f 80 bf c0 c3 e2 ed f0 f4 ff"));

    private final Random random;

    public JsonGenerator(long seed) {
        random = new Random(seed);
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** One value without the whitespace around it. */
    public String value() {
        StringBuilder out = new StringBuilder();
        value(out, 0);
        return out.toString();
    }

    private void value(StringBuilder out, int depth) {
        switch (below(depth < MAX_DEPTH ? 7 : 4)) {
            case 0 -> out.append(SCALARS[below(SCALARS.length)]);
            case 1 -> number(out);
            case 2, 3 -> string(out);
            case 4, 5 -> object(out, depth);
            default -> array(out, depth);
        }
    }

    private void number(StringBuilder out) {
        out.append(below(3) == 0 ? "-" : "").append(random.nextLong() >>> 1 + below(62));
        if (below(3) == 0) {
            out.append('.').append(below(100_000));
        }
        if (below(4) == 0) {
            out.append(below(2) == 0 ? 'e' : 'E')
                    .append(new String[] {"", "+", "-"}[below(3)])
                    .append(below(400));
        }
    }

    private void string(StringBuilder out) {
        out.append('"');
        for (int pieces = below(5); pieces > 0; pieces--) {
            out.append(PIECES[below(PIECES.length)]);
        }
        out.append('"');
    }

    private void object(StringBuilder out, int depth) {
        out.append('{');
        for (int i = 0, members = below(5); i < members; i++) {
            out.append(i == 0 ? "" : ",").append(space());
            string(out);
            out.append(space()).append(':').append(space());
            value(out, depth + 1);
            out.append(space());
        }
        out.append(space()).append('}');
    }

    private void array(StringBuilder out, int depth) {
        out.append('[');
        for (int i = 0, elements = below(5); i < elements; i++) {
            out.append(i == 0 ? "" : ",").append(space());
            value(out, depth + 1);
            out.append(space());
        }
        out.append(space()).append(']');
    }

    /** Whitespace, mostly none. */
    public String space() {
        return below(4) > 0 ? "" : new String[] {" ", "\n", "\r\n", "\t", "  \t \n  "}[below(5)];
    }

    /** The text with one to three mutations: bytes changed, removed, inserted or repeated, or the end cut off. */
    public byte[] spoil(byte[] text) {
        byte[] spoiled = text;
        for (int times = 1 + below(3); times > 0; times--) {
            int at = below(spoiled.length + 1);
            int to = Math.min(spoiled.length, at + 1 + (below(3) == 0 ? below(8) : 0));
            spoiled = switch (below(10)) {
                case 0 -> splice(spoiled, at, new byte[0], spoiled.length);
                case 1, 2 -> splice(spoiled, at, new byte[0], to);
                case 3, 4, 5 -> splice(spoiled, at, special(), at);
                case 6 -> splice(spoiled, to, Arrays.copyOfRange(spoiled, at, to), to);
                case 7 -> splice(spoiled, at, new byte[] {(byte) below(256)}, to);
                default -> splice(spoiled, at, special(), to);
            };
        }
        return spoiled;
    }

    private byte[] special() {
        return new byte[] {SPECIAL[below(SPECIAL.length)]};
    }

    private static byte[] splice(byte[] text, int from, byte[] middle, int to) {
        JsonBuffer spliced = new JsonBuffer(text.length + middle.length);
        return spliced.raw(text, 0, from)
                .raw(middle)
                .raw(text, to, text.length - to)
                .toByteArray();
    }
}
