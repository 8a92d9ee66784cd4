package io.millrace.cursor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * Writes the numbers of a cursor as text that is opaque to clients: {@code A-Z a-z 0-9 - _ .}, URL-safe base64 of
 * varints (seven bits a byte, the lowest first) and, at the end, a CRC-32C of four bytes. The checksum detects cursors
 * that were cut or mistyped. It is not a signature: none is needed, since a cursor allows nothing that an offset would
 * not allow. Used by one thread at a time. {@link CursorReader} reads it back.
 */
public final class CursorWriter {

    private static final int LONGEST_VARINT = 10;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private byte[] out = new byte[64];
    private int length;

    /** Appends a number. {@link CursorReader#number} refuses negative ones. */
    public CursorWriter put(long value) {
        reserve(LONGEST_VARINT);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[length++] = (byte) rest;
        return this;
    }

    CursorWriter put(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
        return this;
    }

    private void reserve(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, length + more));
        }
    }

    /** The numbers without checksum and encoding. */
    byte[] toByteArray() {
        return Arrays.copyOf(out, length);
    }

    /** The cursor as text. */
    public String encode() {
        return new String(beginning().whole(), StandardCharsets.US_ASCII);
    }

    /** What has been written, as a common beginning of many cursors. */
    public Beginning beginning() {
        byte[] head = toByteArray();
        return new Beginning(head, BASE64.encode(head));
    }

    /**
     * The common beginning of many cursors, encoded once for all of them.
     *
     * @param head the numbers
     * @param text their base64 in ASCII
     */
    public record Beginning(byte[] head, byte[] text) {

        /** The rest of one cursor, which follows the text of this beginning and a dot; in ASCII. */
        public byte[] rest(CursorWriter numbers) {
            return BASE64.encode(sealed(head, numbers.toByteArray()));
        }

        /** The cursor that consists of this beginning only; in ASCII. */
        public byte[] whole() {
            byte[] rest = rest(new CursorWriter());
            return ByteBuffer.allocate(text.length + 1 + rest.length)
                    .put(text)
                    .put((byte) '.')
                    .put(rest)
                    .array();
        }
    }

    private static byte[] sealed(byte[] head, byte[] tail) {
        CRC32C checksum = new CRC32C();
        checksum.update(head);
        checksum.update(tail);
        return ByteBuffer.allocate(tail.length + CursorReader.CHECKSUM_BYTES)
                .put(tail)
                .putInt((int) checksum.getValue())
                .array();
    }
}
