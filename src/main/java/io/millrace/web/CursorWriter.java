package io.millrace.web;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Writes the numbers of a cursor as text that is opaque to clients: {@code A-Z a-z 0-9 - _}, URL-safe base64 of varints
 * (seven bits a byte, the lowest first) and, at the end, a CRC-32C of four bytes. The checksum finds cursors that were
 * cut or mistyped; it is no signature, and none is needed as long as a cursor allows nothing that an offset would not.
 * Used by one thread at a time. {@link CursorReader} reads it back.
 */
public final class CursorWriter {

    private static final int LONGEST_VARINT = 10;

    private final ByteBuffer out;

    /** @param most numbers that will be written */
    public CursorWriter(int most) {
        out = ByteBuffer.allocate(most * LONGEST_VARINT + CursorReader.CHECKSUM_BYTES);
    }

    /** Appends a number, which is not negative. */
    public CursorWriter put(long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
        return this;
    }

    /** The cursor as text, in ASCII; nothing can be written any more. */
    public byte[] encode() {
        out.putInt(CursorReader.checksum(out.array(), out.position()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encode(ByteBuffer.wrap(out.array(), 0, out.position()))
                .array();
    }
}
