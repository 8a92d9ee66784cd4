package io.millrace.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Makes and scans JSON texts for tests. */
public final class JsonTexts {

    /** The bytes before a scanned text in its array; these and {@link #AFTER} could continue the text. */
    private static final byte[] BEFORE = utf8("[\"\\");

    private static final byte[] AFTER = utf8("0\"]}, :e1\\u0041");

    private JsonTexts() {}

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Bytes given as {@code "22 c0 80 22"}. */
    public static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    public static byte[] concat(byte[]... parts) {
        JsonBuffer all = new JsonBuffer();
        for (byte[] part : parts) {
            all.raw(part);
        }
        return all.toByteArray();
    }

    /** Whether the JDK's decoder accepts the bytes. */
    public static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }

    /** Scans a text of exactly one value within a larger array. The exception's index is that in the text. */
    public static void scan(byte[] text) {
        JsonScanner scanner = scanner(text);
        try {
            scanner.skipValue(JsonScanner.MAX_DEPTH);
            scanner.end();
        } catch (JsonSyntaxException wrong) {
            throw new JsonSyntaxException(wrong.code(), wrong.getMessage(), wrong.index() - BEFORE.length);
        }
    }

    public static boolean accepts(byte[] text) {
        try {
            scan(text);
            return true;
        } catch (JsonSyntaxException wrong) {
            return false;
        }
    }

    /** A scanner at the start of a text that lies within a larger array. */
    public static JsonScanner scanner(byte[] text) {
        return new JsonScanner(concat(BEFORE, text, AFTER), BEFORE.length, text.length);
    }
}
