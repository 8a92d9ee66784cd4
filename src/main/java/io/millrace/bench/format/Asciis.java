package io.millrace.bench.format;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Searches in ASCII bytes, without parsing them. */
public final class Asciis {

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;

    private Asciis() {}

    /** How often a byte occurs. */
    public static int count(ByteBuf text, int from, int length, char ascii) {
        long pattern = ONES * ascii;
        int count = 0;
        int at = from;
        int end = from + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long difference = text.getLongLE(at) ^ pattern;
            // exactly the high bit of each byte that is zero
            long zeros = ~(((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS);
            count += Long.bitCount(zeros);
        }
        for (; at < end; at++) {
            if (text.getByte(at) == ascii) {
                count++;
            }
        }
        return count;
    }

    /** Whether the text has this prefix at that position. */
    public static boolean startsWith(ByteBuf text, int from, byte[] start) {
        if (text.writerIndex() - from < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (text.getByte(from + i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /** The first position of a text from there on; -1 if there is none. */
    static int indexOf(byte[] text, int from, byte[] searched) {
        for (int at = from; at <= text.length - searched.length; at++) {
            if (is(text, at, searched)) {
                return at;
            }
        }
        return -1;
    }

    /** The last position of a text that ends before there; -1 if there is none. */
    static int lastIndexOf(byte[] text, int before, byte[] searched) {
        int at = before - searched.length;
        while (at >= 0 && !is(text, at, searched)) {
            at--;
        }
        return at;
    }

    private static boolean is(byte[] text, int at, byte[] searched) {
        return Arrays.equals(text, at, at + searched.length, searched, 0, searched.length);
    }

    public static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
