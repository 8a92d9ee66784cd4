package io.millrace.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where a reader of a topic stands in all partitions that it follows: the {@code id} of a server-sent event, by which
 * the stream is resumed. Opaque to clients; text of {@code A-Z a-z 0-9 - _}, some five bytes a partition.
 *
 * <pre>
 * version, topic id, epochs, partition count, followed count, {partition gap, next offset}*, CRC-32C (4 bytes)
 * </pre>
 *
 * All but the checksum are varints: seven bits a byte, the lowest first. The checksum finds cursors that were cut or
 * mistyped; it is no signature, and none is needed, as a cursor allows nothing that an offset would not.
 *
 * @param epochs the sum of the epochs of the partitions followed: epochs only rise, so an equal sum says that nothing
 *     was lost by a failover
 * @param partitionCount how many partitions the topic had: those added later were never read
 * @param partitions the partitions followed, ascending
 * @param nextOffsets where each of them goes on
 */
record Cursor(int topicId, long epochs, int partitionCount, int[] partitions, long[] nextOffsets) {

    private static final int VERSION = 1;
    private static final int CHECKSUM_BYTES = 4;
    private static final int LONGEST_VARINT = 10;
    private static final int MOST_PARTITIONS = 1_000_000;

    /** The position in a partition; -1 if the cursor does not know it. */
    long nextOffset(int partition) {
        int index = Arrays.binarySearch(partitions, partition);
        return index < 0 ? -1 : nextOffsets[index];
    }

    /** The cursor as text, in ASCII. */
    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate((5 + 2 * partitions.length) * LONGEST_VARINT + CHECKSUM_BYTES);
        put(out, VERSION);
        put(out, topicId);
        put(out, epochs);
        put(out, partitionCount);
        put(out, partitions.length);
        int expected = 0;
        for (int i = 0; i < partitions.length; i++) {
            put(out, partitions[i] - expected);
            expected = partitions[i] + 1;
            put(out, nextOffsets[i]);
        }
        out.putInt(checksum(out.array(), out.position()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encode(ByteBuffer.wrap(out.array(), 0, out.position()))
                .array();
    }

    /** Reads a cursor; empty if that is none, or one of another version. */
    static Optional<Cursor> decode(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
            int length = bytes.length - CHECKSUM_BYTES;
            if (length <= 0 || ByteBuffer.wrap(bytes, length, CHECKSUM_BYTES).getInt() != checksum(bytes, length)) {
                return Optional.empty();
            }
            return decode(ByteBuffer.wrap(bytes, 0, length));
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException | ArithmeticException wrong) {
            return Optional.empty();
        }
    }

    private static Optional<Cursor> decode(ByteBuffer in) {
        if (get(in) != VERSION) {
            return Optional.empty();
        }
        int topicId = Math.toIntExact(get(in));
        long epochs = get(in);
        int partitionCount = Math.toIntExact(get(in));
        int followed = Math.toIntExact(get(in));
        if (partitionCount > MOST_PARTITIONS || followed > partitionCount) {
            return Optional.empty();
        }
        int[] partitions = new int[followed];
        long[] nextOffsets = new long[followed];
        int expected = 0;
        for (int i = 0; i < followed; i++) {
            partitions[i] = Math.addExact(expected, Math.toIntExact(get(in)));
            expected = partitions[i] + 1;
            nextOffsets[i] = get(in);
        }
        return in.hasRemaining() || expected > partitionCount
                ? Optional.empty()
                : Optional.of(new Cursor(topicId, epochs, partitionCount, partitions, nextOffsets));
    }

    private static void put(ByteBuffer out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** @throws ArithmeticException if it is longer than a long that is not negative */
    private static long get(ByteBuffer in) {
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

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cursor cursor && Arrays.equals(encode(), cursor.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        return new String(encode(), StandardCharsets.US_ASCII);
    }
}
