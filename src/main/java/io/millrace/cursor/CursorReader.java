package io.millrace.cursor;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** Reads the numbers of a cursor that {@link CursorWriter} has written. Used by one thread at a time. */
public final class CursorReader {

    static final int CHECKSUM_BYTES = 4;

    private static final int LAST_SHIFT = 63;

    private final ByteBuffer in;

    private CursorReader(ByteBuffer in) {
        this.in = in;
    }

    /** Reads numbers that were not encoded as text. */
    static CursorReader of(byte[] numbers) {
        return new CursorReader(ByteBuffer.wrap(numbers));
    }

    /**
     * Reads a cursor.
     *
     * @param decode reads the numbers; empty if they are not a cursor of its kind
     * @return empty if the text was cut, changed or never a cursor, or if {@code decode} returned empty, met the end or
     *     a number too large, or left numbers unread
     */
    public static <T> Optional<T> read(String text, Function<CursorReader, Optional<T>> decode) {
        try {
            int dot = text.indexOf('.');
            byte[] head = decode(text.substring(0, Math.max(0, dot)));
            byte[] tail = decode(text.substring(dot + 1));
            int length = tail.length - CHECKSUM_BYTES;
            if (length < 0 || head.length + length == 0) {
                return Optional.empty();
            }
            CRC32C checksum = new CRC32C();
            checksum.update(head);
            checksum.update(tail, 0, length);
            if (ByteBuffer.wrap(tail, length, CHECKSUM_BYTES).getInt() != (int) checksum.getValue()) {
                return Optional.empty();
            }
            ByteBuffer numbers = ByteBuffer.allocate(head.length + length)
                    .put(head)
                    .put(tail, 0, length)
                    .flip();
            return read(new CursorReader(numbers), decode);
        } catch (IllegalArgumentException wrong) {
            return Optional.empty();
        }
    }

    /** As {@link #read(String, Function)}, from numbers. */
    static <T> Optional<T> read(CursorReader in, Function<CursorReader, Optional<T>> decode) {
        try {
            Optional<T> read = decode.apply(in);
            return in.remaining() > 0 ? Optional.empty() : read;
        } catch (BufferUnderflowException | ArithmeticException wrong) {
            return Optional.empty();
        }
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @throws ArithmeticException if it is larger than a long */
    public long number() {
        long value = bits();
        if (value < 0) {
            throw new ArithmeticException("the number is too long");
        }
        return value;
    }

    /** Any 64 bits. */
    long bits() {
        long value = 0;
        for (int shift = 0; shift <= LAST_SHIFT; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0 && (shift < LAST_SHIFT || next <= 1)) {
                return value;
            }
        }
        throw new ArithmeticException("the number is too long");
    }

    /** @throws ArithmeticException if it is larger than an int */
    public int smallNumber() {
        return Math.toIntExact(number());
    }

    public boolean hasMore() {
        return in.hasRemaining();
    }

    /** Skips the rest. */
    public void ignoreRest() {
        in.position(in.limit());
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    int remaining() {
        return in.remaining();
    }
}
