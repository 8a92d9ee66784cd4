package io.millrace.stream.sse;

import io.millrace.web.CursorReader;
import io.millrace.web.CursorWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a reader of a topic stands in all partitions that it follows: the {@code id} of a server-sent event, by which
 * the stream is resumed. Opaque to clients; text of {@code A-Z a-z 0-9 - _}, some five bytes a partition.
 *
 * <pre>
 * version, topic id, epochs, partition count, followed count, {partition gap, next offset}*
 * </pre>
 *
 * @param epochs the sum of the epochs of the partitions followed: epochs only rise, so an equal sum says that nothing
 *     was lost by a failover
 * @param partitionCount how many partitions the topic had: those added later were never read
 * @param partitions the partitions followed, ascending
 * @param nextOffsets where each of them goes on
 */
record Cursor(int topicId, long epochs, int partitionCount, int[] partitions, long[] nextOffsets) {

    private static final int VERSION = 1;
    private static final int MOST_PARTITIONS = 1_000_000;

    /** The position in a partition; -1 if the cursor does not know it. */
    long nextOffset(int partition) {
        int index = Arrays.binarySearch(partitions, partition);
        return index < 0 ? -1 : nextOffsets[index];
    }

    /** The cursor as text, in ASCII. */
    byte[] encode() {
        CursorWriter out = new CursorWriter(5 + 2 * partitions.length);
        out.put(VERSION).put(topicId).put(epochs).put(partitionCount).put(partitions.length);
        int expected = 0;
        for (int i = 0; i < partitions.length; i++) {
            out.put(partitions[i] - expected);
            expected = partitions[i] + 1;
            out.put(nextOffsets[i]);
        }
        return out.encode();
    }

    /** Reads a cursor; empty if that is none, or one of another version. */
    static Optional<Cursor> decode(String text) {
        return CursorReader.read(text, Cursor::decode);
    }

    private static Optional<Cursor> decode(CursorReader in) {
        if (in.number() != VERSION) {
            return Optional.empty();
        }
        int topicId = in.smallNumber();
        long epochs = in.number();
        int partitionCount = in.smallNumber();
        int followed = in.smallNumber();
        if (partitionCount > MOST_PARTITIONS || followed > partitionCount) {
            return Optional.empty();
        }
        int[] partitions = new int[followed];
        long[] nextOffsets = new long[followed];
        int expected = 0;
        for (int i = 0; i < followed; i++) {
            partitions[i] = Math.addExact(expected, in.smallNumber());
            expected = partitions[i] + 1;
            nextOffsets[i] = in.number();
        }
        return expected > partitionCount
                ? Optional.empty()
                : Optional.of(new Cursor(topicId, epochs, partitionCount, partitions, nextOffsets));
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
