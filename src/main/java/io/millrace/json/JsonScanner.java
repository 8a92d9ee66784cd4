package io.millrace.json;

import static io.millrace.json.JsonSyntaxException.MALFORMED;
import static io.millrace.json.JsonSyntaxException.NUMBER_TOO_LONG;
import static io.millrace.json.JsonSyntaxException.TOO_DEEP;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over one JSON text (RFC 8259) in UTF-8. It validates everything that it passes: the grammar, UTF-8, the
 * depth of nesting and the length of numbers. It creates no objects for what it passes; callers slice the bytes between
 * two positions. A violation is a {@link JsonSyntaxException}.
 *
 * <p>It does not recurse, so a level of nesting costs one bit and no stack. Used by one thread at a time.
 */
public final class JsonScanner {

    /** The deepest nesting of a record's value: common parsers of consumers accept this much. */
    public static final int MAX_DEPTH = 500;

    public static final int MAX_NUMBER_LENGTH = 1000;

    /** What {@link #peek} returns at the end of the text: a value that no byte has. */
    public static final int END = Byte.MIN_VALUE - 1;

    private static final byte[] TRUE = JsonBuffer.ascii("true");
    private static final byte[] FALSE = JsonBuffer.ascii("false");
    private static final byte[] NULL = JsonBuffer.ascii("null");

    private final byte[] bytes;
    private int end;
    private final long[] objects = new long[MAX_DEPTH / Long.SIZE + 1];
    private int at;
    private int textFrom;
    private int textTo;
    private boolean textEscaped;

    public JsonScanner(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    /** Continues with another text in the same bytes. */
    public void reset(int offset, int length) {
        at = offset;
        end = offset + length;
    }

    /** The index of the next byte to read. */
    public int position() {
        return at;
    }

    /** The byte at an index of the array. */
    public byte at(int index) {
        return bytes[index];
    }

    /** Passes whitespace and returns the byte after it, which is not passed. */
    public int peek() {
        at = skipSpace(bytes, at, end);
        return at < end ? bytes[at] : END;
    }

    /** Checks that an array or object begins next, without passing the bracket. */
    public void expect(char open, String what) {
        if (peek() != open) {
            throw unexpected(at, what);
        }
    }

    /** Passes the opening bracket at the position; false if the closing one follows, which is passed too. */
    public boolean open(char close) {
        at++;
        if (peek() != close) {
            return true;
        }
        at++;
        return false;
    }

    /** Passes a comma or the closing bracket; true if it was a comma. */
    public boolean more(char close) {
        int next = peek();
        if (next != ',' && next != close) {
            throw unexpected(at, close == '}' ? "',' or '}'" : "',' or ']'");
        }
        at++;
        return next == ',';
    }

    /** Passes a field's name and the colon; {@link #textIs} and {@link #text} then refer to the name. */
    public void name() {
        if (peek() != '"') {
            throw unexpected(at, "a field name");
        }
        string();
        if (peek() != ':') {
            throw unexpected(at, "':'");
        }
        at++;
    }

    /** Passes the string whose opening quote is at the position. */
    public void string() {
        textFrom = at + 1;
        textTo = JsonStrings.close(bytes, textFrom, end);
        textEscaped = textTo < 0;
        if (textEscaped) {
            textTo = ~textTo;
        }
        at = textTo + 1;
    }

    /** Whether the last string, with escapes resolved, equals the given UTF-8. */
    public boolean textIs(byte[] expected) {
        return textEscaped
                ? Arrays.equals(JsonStrings.unescape(bytes, textFrom, textTo), expected)
                : Arrays.equals(bytes, textFrom, textTo, expected, 0, expected.length);
    }

    /** The last string in UTF-8, with escapes resolved; null if it has a lone surrogate. */
    public byte @Nullable [] text() {
        return textEscaped
                ? JsonStrings.unescape(bytes, textFrom, textTo)
                : Arrays.copyOfRange(bytes, textFrom, textTo);
    }

    /** The bytes between two positions. */
    public byte[] slice(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    /** Checks that only whitespace is left. */
    public void end() {
        if (peek() != END) {
            throw unexpected(at, "the end");
        }
    }

    /** Passes {@code null} if that is next. */
    public boolean skipNull() {
        if (peek() != 'n') {
            return false;
        }
        at = skipLiteral(at);
        return true;
    }

    /** Passes a number that consists of digits only; more than a long holds overflows silently. */
    public long natural() {
        at = skipSpace(bytes, at, end);
        int from = at;
        at = skipTree(from, 0);
        long number = 0;
        for (int digit = from; digit < at; digit++) {
            if (bytes[digit] < '0' || bytes[digit] > '9') {
                throw unexpected(digit, "a number from 0");
            }
            number = 10 * number + bytes[digit] - '0';
        }
        return number;
    }

    /** Passes whitespace and any value. */
    public void skipValue(int maxDepth) {
        at = skipTree(skipSpace(bytes, at, end), maxDepth);
    }

    private int skipTree(int start, int maxDepth) {
        int p = start;
        int depth = 0;
        boolean inObject = false;
        while (true) {
            int open = p < end ? bytes[p] : END;
            if (open == '{' || open == '[') {
                if (++depth > maxDepth) {
                    throw new JsonSyntaxException(TOO_DEEP, "values may nest at most " + maxDepth + " deep", p);
                }
                inObject = open == '{';
                mark(depth, inObject);
                p = skipSpace(bytes, p + 1, end);
                if (p >= end || bytes[p] != open + 2) {
                    p = inObject ? skipName(p) : p;
                    continue;
                }
            } else {
                p = skipScalar(p, open);
                if (depth == 0) {
                    return p;
                }
                p = skipSpace(bytes, p, end);
            }
            while (p < end && bytes[p] == (inObject ? '}' : ']')) {
                if (--depth == 0) {
                    return p + 1;
                }
                inObject = marked(depth);
                p = skipSpace(bytes, p + 1, end);
            }
            if (p >= end || bytes[p] != ',') {
                throw unexpected(p, inObject ? "',' or '}'" : "',' or ']'");
            }
            p = skipSpace(bytes, p + 1, end);
            p = inObject ? skipName(p) : p;
        }
    }

    private void mark(int depth, boolean object) {
        long bit = 1L << depth;
        int word = depth >>> 6;
        objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
    }

    private boolean marked(int depth) {
        return (objects[depth >>> 6] & 1L << depth) != 0;
    }

    /** Passes a field's name, the colon and the whitespace after it. */
    private int skipName(int from) {
        if (from >= end || bytes[from] != '"') {
            throw unexpected(from, "a field name");
        }
        int colon = skipSpace(bytes, skipString(from), end);
        if (colon >= end || bytes[colon] != ':') {
            throw unexpected(colon, "':'");
        }
        return skipSpace(bytes, colon + 1, end);
    }

    private int skipScalar(int from, int first) {
        return switch (first) {
            case '"' -> skipString(from);
            case 't', 'f', 'n' -> skipLiteral(from);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> skipNumber(from);
            default -> throw unexpected(from, "a value");
        };
    }

    private int skipString(int from) {
        int close = JsonStrings.close(bytes, from + 1, end);
        return (close < 0 ? ~close : close) + 1;
    }

    private int skipLiteral(int from) {
        byte[] literal =
                switch (bytes[from]) {
                    case 't' -> TRUE;
                    case 'f' -> FALSE;
                    default -> NULL;
                };
        int to = Math.min(end, from + literal.length);
        int same = Arrays.mismatch(bytes, from, to, literal, 0, literal.length);
        if (same >= 0) {
            throw unexpected(from + same, "a value");
        }
        return to;
    }

    private int skipNumber(int from) {
        int p = bytes[from] == '-' ? from + 1 : from;
        if (p < end && bytes[p] == '0') {
            p++;
        } else {
            p = skipDigits(p);
        }
        if (p < end && bytes[p] == '.') {
            p = skipDigits(p + 1);
        }
        if (p < end && (bytes[p] | 0x20) == 'e') {
            p++;
            p = skipDigits(p < end && (bytes[p] == '+' || bytes[p] == '-') ? p + 1 : p);
        }
        if (p - from > MAX_NUMBER_LENGTH) {
            throw new JsonSyntaxException(
                    NUMBER_TOO_LONG, "numbers may have at most " + MAX_NUMBER_LENGTH + " characters", from);
        }
        return p;
    }

    private int skipDigits(int from) {
        int p = from;
        while (p < end && bytes[p] >= '0' && bytes[p] <= '9') {
            p++;
        }
        if (p == from) {
            throw unexpected(p, "a digit");
        }
        return p;
    }

    private static int skipSpace(byte[] bytes, int from, int end) {
        int p = from;
        while (p < end && bytes[p] <= ' ' && isSpace(bytes[p])) {
            p++;
        }
        return p;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private JsonSyntaxException unexpected(int index, String expected) {
        String found = index < end ? JsonSyntaxException.name(bytes[index]) : "the end";
        return new JsonSyntaxException(MALFORMED, "expected " + expected + " but found " + found, index);
    }
}
