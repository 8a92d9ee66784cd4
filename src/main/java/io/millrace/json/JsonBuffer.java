package io.millrace.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/**
 * A growable array of bytes to write JSON to. Callers are responsible for the grammar; strings and base64 are written
 * in quotes. Used by one thread at a time; {@link #clear} keeps the array for the next text.
 */
public final class JsonBuffer {

    private static final int DEFAULT_CAPACITY = 4096;
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] NULL = ascii("null");
    private static final byte[] MIN_LONG = ascii(Long.toString(Long.MIN_VALUE));
    private static final int MAX_LONG_LENGTH = MIN_LONG.length;

    private byte[] bytes;
    private int length;

    public JsonBuffer() {
        this(DEFAULT_CAPACITY);
    }

    public JsonBuffer(int capacity) {
        bytes = new byte[Math.max(capacity, Long.BYTES)];
    }

    /** Bytes for {@link #raw(byte[])}: constant text should be encoded once. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** How many bytes have been written. */
    public int length() {
        return length;
    }

    /** This buffer's array, whose first {@link #length} bytes are its content; the next write may replace it. */
    public byte[] array() {
        return bytes;
    }

    /** A copy of what has been written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Empties the buffer and keeps the array. */
    public void clear() {
        length = 0;
    }

    /** Appends one ASCII character. */
    public JsonBuffer ascii(char character) {
        reserve(1);
        bytes[length++] = (byte) character;
        return this;
    }

    /** Appends ASCII text as it is. For text that is written often, see {@link #ascii(String)}. */
    public JsonBuffer literal(String text) {
        return raw(ascii(text));
    }

    /** Appends bytes as they are. */
    public JsonBuffer raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    /** Appends bytes as they are. */
    public JsonBuffer raw(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Appends {@code null}. */
    public JsonBuffer nil() {
        return raw(NULL);
    }

    /** Appends a number. */
    public JsonBuffer number(long value) {
        if (value == Long.MIN_VALUE) {
            return raw(MIN_LONG);
        }
        reserve(MAX_LONG_LENGTH);
        long rest = Math.abs(value);
        if (value < 0) {
            bytes[length++] = '-';
        }
        int p = length + digits(rest);
        length = p;
        while (rest > Integer.MAX_VALUE) {
            bytes[--p] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        int small = (int) rest;
        do {
            bytes[--p] = (byte) ('0' + small % 10);
            small /= 10;
        } while (small != 0);
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    /** Appends a string in quotes. */
    public JsonBuffer string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends a string in quotes, given in UTF-8; escapes quotes, backslashes and control characters only. */
    public JsonBuffer string(byte[] utf8) {
        return string(utf8, 0, utf8.length);
    }

    /** Appends a string in quotes, given in UTF-8; escapes quotes, backslashes and control characters only. */
    public JsonBuffer string(byte[] utf8, int offset, int count) {
        int end = Objects.checkFromIndexSize(offset, count, utf8.length) + count;
        reserve(count + 2);
        bytes[length++] = '"';
        int from = offset;
        while (from < end) {
            int to = plain(utf8, from, end);
            raw(utf8, from, to - from);
            if (to < end) {
                escape(utf8[to]);
            }
            from = to + 1;
        }
        return ascii('"');
    }

    private static int plain(byte[] utf8, int from, int end) {
        int at = from;
        while (at <= end - Long.BYTES) {
            long marks = Swar.escaped(Swar.word(utf8, at));
            if (marks != 0) {
                return at + Swar.first(marks);
            }
            at += Long.BYTES;
        }
        while (at < end && (utf8[at] & 0xff) >= ' ' && utf8[at] != '"' && utf8[at] != '\\') {
            at++;
        }
        return at;
    }

    private void escape(byte b) {
        ascii('\\');
        switch (b) {
            case '"', '\\' -> ascii((char) b);
            case '\b' -> ascii('b');
            case '\f' -> ascii('f');
            case '\n' -> ascii('n');
            case '\r' -> ascii('r');
            case '\t' -> ascii('t');
            default ->
                ascii('u').ascii('0').ascii('0').ascii((char) HEX[b >> 4]).ascii((char) HEX[b & 0xf]);
        }
    }

    /** Appends bytes as a string in base64: standard alphabet, padded. */
    public JsonBuffer base64(byte[] source) {
        return ascii('"').raw(Base64.getEncoder().encode(source)).ascii('"');
    }

    /** Whether a carriage return or line feed has been written. */
    public boolean hasLineBreak() {
        return nextLineBreak(0) < length;
    }

    /** Replaces line breaks from the given position on by spaces: in JSON they can only stand between tokens. */
    public void joinLines(int from) {
        for (int at = nextLineBreak(from); at < length; at = nextLineBreak(at + 1)) {
            bytes[at] = ' ';
        }
    }

    private int nextLineBreak(int from) {
        int at = from;
        while (at <= length - Long.BYTES) {
            long marks = Swar.lineBreak(Swar.word(bytes, at));
            if (marks != 0) {
                return at + Swar.first(marks);
            }
            at += Long.BYTES;
        }
        while (at < length && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            // grows by half again; Math.addExact so that a text beyond 2 GiB fails here and not at a negative index
            int needed = Math.addExact(length, count);
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(length * 3L / 2, Integer.MAX_VALUE - 8)));
        }
    }
}
