package io.millrace.json;

import static io.millrace.json.JsonSyntaxException.INVALID_UTF8;
import static io.millrace.json.JsonSyntaxException.MALFORMED;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * JSON strings in UTF-8. A lone surrogate may be written as an escape (RFC 8259, section 8.2): it is accepted where the
 * text stays JSON, and refused where the text has to become UTF-8.
 */
final class JsonStrings {

    private JsonStrings() {}

    /**
     * Checks a string up to its closing quote.
     *
     * @param from the first byte after the opening quote
     * @return the index of the closing quote; its bitwise complement, which is negative, if the string has escapes
     */
    static int close(byte[] bytes, int from, int end) {
        int at = from;
        int complement = 0;
        while (true) {
            at = skipPlain(bytes, at, end);
            if (at >= end) {
                throw new JsonSyntaxException(MALFORMED, "the string is not closed", end);
            }
            byte b = bytes[at];
            if (b == '"') {
                return at ^ complement;
            }
            if (b == '\\') {
                at = skipEscape(bytes, at, end);
                complement = -1;
            } else if (b < 0) {
                at = skipMultibyte(bytes, at, end);
            } else {
                throw new JsonSyntaxException(MALFORMED, "a control character in a string must be escaped", at);
            }
        }
    }

    private static int skipPlain(byte[] bytes, int from, int end) {
        int at = from;
        while (at <= end - Long.BYTES) {
            long marks = Swar.notPlain(Swar.word(bytes, at));
            if (marks != 0) {
                return at + Swar.first(marks);
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    private static int skipMultibyte(byte[] bytes, int from, int end) {
        int at = from;
        do {
            int next = Utf8.next(bytes, at, end);
            if (next < 0) {
                throw new JsonSyntaxException(INVALID_UTF8, "the bytes are not well-formed UTF-8", at);
            }
            at = next;
        } while (at < end && bytes[at] < 0);
        return at;
    }

    private static int skipEscape(byte[] bytes, int at, int end) {
        if (at + 1 >= end) {
            throw new JsonSyntaxException(MALFORMED, "the string is not closed", end);
        }
        return switch (bytes[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
            case 'u' -> {
                for (int digit = at + 2; digit < at + 6; digit++) {
                    if (digit >= end || Character.digit(bytes[digit], 16) < 0) {
                        throw new JsonSyntaxException(MALFORMED, "\\u must be followed by four hex digits", digit);
                    }
                }
                yield at + 6;
            }
            default -> throw new JsonSyntaxException(MALFORMED, "there is no such escape", at + 1);
        };
    }

    /**
     * The text of a checked string in UTF-8.
     *
     * @return null if it has a lone surrogate, which UTF-8 cannot encode
     */
    static byte @Nullable [] unescape(byte[] bytes, int from, int to) {
        byte[] out = new byte[to - from];
        int length = 0;
        int at = from;
        while (at < to) {
            if (bytes[at] != '\\') {
                out[length++] = bytes[at++];
            } else if (bytes[at + 1] != 'u') {
                out[length++] = shortEscape(bytes[at + 1]);
                at += 2;
            } else {
                int codePoint = codePoint(bytes, at, to);
                if (codePoint < 0) {
                    return null;
                }
                length = Utf8.encode(codePoint, out, length);
                at += codePoint > Character.MAX_VALUE ? 12 : 6;
            }
        }
        return Arrays.copyOf(out, length);
    }

    /** The character of the {@code \}{@code u} escape at {@code at}, or of a pair of them; -1 for a lone surrogate. */
    private static int codePoint(byte[] bytes, int at, int to) {
        char first = unit(bytes, at);
        if (!Character.isSurrogate(first)) {
            return first;
        }
        boolean pair = to - at >= 12 && bytes[at + 6] == '\\' && bytes[at + 7] == 'u';
        char second = pair ? unit(bytes, at + 6) : 0;
        return Character.isSurrogatePair(first, second) ? Character.toCodePoint(first, second) : -1;
    }

    private static char unit(byte[] bytes, int at) {
        int unit = 0;
        for (int digit = at + 2; digit < at + 6; digit++) {
            unit = unit << 4 | Character.digit(bytes[digit], 16);
        }
        return (char) unit;
    }

    private static byte shortEscape(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }
}
