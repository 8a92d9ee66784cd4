package io.millrace.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes of a kind, eight at a time (SIMD within a register). Each test sets the high bit of matching bytes. A
 * subtraction may borrow and falsely mark bytes above a match, so only the lowest mark counts: {@link #first}.
 */
final class Swar {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private Swar() {}

    static long word(byte[] bytes, int index) {
        return (long) LONGS.get(bytes, index);
    }

    /** Marks bytes that end a plain run in a JSON string: a quote, backslash, control character or byte above ASCII. */
    static long notPlain(long word) {
        return (word | (word - ' ' * ONES) | zero(word ^ '"' * ONES) | zero(word ^ '\\' * ONES)) & HIGH;
    }

    /** Marks bytes that must be escaped in a JSON string: a quote, backslash or control character. */
    static long escaped(long word) {
        // bytes above ASCII are masked out: the subtractions may set their high bits, too
        return ((word - ' ' * ONES) | zero(word ^ '"' * ONES) | zero(word ^ '\\' * ONES)) & ~word & HIGH;
    }

    /** Marks carriage returns and line feeds. */
    static long lineBreak(long word) {
        return (zero(word ^ '\r' * ONES) | zero(word ^ '\n' * ONES)) & ~word & HIGH;
    }

    /** Marks bytes above ASCII. */
    static long notAscii(long word) {
        return word & HIGH;
    }

    /** How many bytes of the word come before the first mark. */
    static int first(long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }

    private static long zero(long word) {
        return word - ONES;
    }
}
