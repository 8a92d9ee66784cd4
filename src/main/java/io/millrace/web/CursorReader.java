package io.millrace.web;

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

    private final ByteBuffer in;

    private CursorReader(ByteBuffer in) {
        this.in = in;
    }

    /**
     * Reads a cursor.
     *
     * @param decode takes the numbers; empty if they are none of its cursors
     * @return empty if the text was cut, changed or never a cursor, or if {@code decode} met an end or a number too
     *     large
     */
    public static <T> Optional<T> read(String text, Function<CursorReader, Optional<T>> decode) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
            int length = bytes.length - CHECKSUM_BYTES;
            if (length <= 0 || ByteBuffer.wrap(bytes, length, CHECKSUM_BYTES).getInt() != checksum(bytes, length)) {
                return Optional.empty();
            }
            CursorReader reader = new CursorReader(ByteBuffer.wrap(bytes, 0, length));
            Optional<T> read = decode.apply(reader);
            return reader.in.hasRemaining() ? Optional.empty() : read;
        } catch (IllegalArgumentException | BufferUnderflowException | ArithmeticException wrong) {
            return Optional.empty();
        }
    }

    /** @throws ArithmeticException if it is longer than a long that is not negative */
    public long number() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new ArithmeticException("the number is too long");
    }

    /** @throws ArithmeticException if it is larger than an int */
    public int smallNumber() {
        return Math.toIntExact(number());
    }

    static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
