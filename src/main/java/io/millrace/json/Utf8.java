package io.millrace.json;

import java.util.Objects;

/**
 * Well-formed UTF-8 (The Unicode Standard, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF. The
 * JDK's decoder is as strict, but it creates a string where a check is enough.
 */
public final class Utf8 {

    private Utf8() {}

    /** Whether the bytes are well-formed UTF-8, as an empty range is. */
    public static boolean isValid(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (bytes[at] < 0) {
                at = next(bytes, at, end);
                if (at < 0) {
                    return false;
                }
            } else {
                at = skipAscii(bytes, at + 1, end);
            }
        }
        return true;
    }

    private static int skipAscii(byte[] bytes, int from, int end) {
        int at = from;
        while (at <= end - Long.BYTES) {
            long marks = Swar.notAscii(Swar.word(bytes, at));
            if (marks != 0) {
                return at + Swar.first(marks);
            }
            at += Long.BYTES;
        }
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /** The index after the sequence of two to four bytes that starts at {@code at}, or -1 if it is not well-formed. */
    static int next(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xff;
        if (lead < 0xe0) {
            return lead >= 0xc2 && end - at >= 2 && follows(bytes[at + 1]) ? at + 2 : -1;
        }
        if (lead < 0xf0) {
            return end - at >= 3 && second3(lead, bytes[at + 1]) && follows(bytes[at + 2]) ? at + 3 : -1;
        }
        return end - at >= 4 && second4(lead, bytes[at + 1] & 0xff) && follows(bytes[at + 2]) && follows(bytes[at + 3])
                ? at + 4
                : -1;
    }

    private static boolean follows(byte b) {
        return b < (byte) 0xc0;
    }

    /** Three bytes: E0 would be overlong below A0, ED would be a surrogate from A0. */
    private static boolean second3(int lead, byte second) {
        return follows(second) && (lead != 0xe0 || second >= (byte) 0xa0) && (lead != 0xed || second < (byte) 0xa0);
    }

    /** Four bytes: F0 would be overlong below 90, F4 would exceed U+10FFFF from 90, and nothing starts with F5. */
    private static boolean second4(int lead, int second) {
        return switch (lead) {
            case 0xf0 -> second >= 0x90 && second <= 0xbf;
            case 0xf1, 0xf2, 0xf3 -> second >= 0x80 && second <= 0xbf;
            case 0xf4 -> second >= 0x80 && second <= 0x8f;
            default -> false;
        };
    }

    /** Writes a code point, which must not be a surrogate, and returns the index after it. */
    static int encode(int codePoint, byte[] out, int at) {
        if (codePoint < 0x80) {
            out[at] = (byte) codePoint;
            return at + 1;
        }
        if (codePoint < 0x800) {
            out[at] = (byte) (0xc0 | codePoint >> 6);
            return tail(codePoint, out, at + 1, 1);
        }
        if (codePoint < 0x10000) {
            out[at] = (byte) (0xe0 | codePoint >> 12);
            return tail(codePoint, out, at + 1, 2);
        }
        out[at] = (byte) (0xf0 | codePoint >> 18);
        return tail(codePoint, out, at + 1, 3);
    }

    private static int tail(int codePoint, byte[] out, int from, int count) {
        for (int i = 0; i < count; i++) {
            out[from + i] = (byte) (0x80 | codePoint >> 6 * (count - 1 - i) & 0x3f);
        }
        return from + count;
    }
}
