package io.millrace.cursor;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Positions as numbers: in full, or as differences from others.
 *
 * <pre>
 * whole:       count, {key gap, next offset}*
 * differences: count, {key gap, how}*
 *   for a key that the others have:  how is 0 if it is gone, else the difference of the offsets, zigzag
 *   for a key that they do not have: how is the next offset
 * </pre>
 */
final class PositionsCodec {

    /** More than any topic or group has: bounds the memory that a forged count allocates. */
    static final int MOST = 1_000_000;

    private PositionsCodec() {}

    static void write(CursorWriter out, Positions positions) {
        out.put(positions.count());
        int expected = 0;
        for (int i = 0; i < positions.count(); i++) {
            int key = positions.keys()[i];
            out.put(key - expected).put(positions.nextOffsets()[i]);
            expected = key + 1;
        }
    }

    /** @throws ArithmeticException if the numbers are not positions */
    static Positions read(CursorReader in) {
        int count = count(in);
        Growing read = new Growing(count);
        int expected = 0;
        for (int i = 0; i < count; i++) {
            int key = Math.addExact(expected, in.smallNumber());
            expected = Math.addExact(key, 1);
            read.add(key, in.number());
        }
        return read.positions();
    }

    static void writeDifferences(CursorWriter out, Positions from, Positions to) {
        int differences = to.differences(from, Integer.MAX_VALUE);
        out.put(differences);
        int expected = 0;
        int old = 0;
        int now = 0;
        while (old < from.count() || now < to.count()) {
            boolean gone = now == to.count() || (old < from.count() && from.keys()[old] < to.keys()[now]);
            boolean added = !gone && (old == from.count() || to.keys()[now] < from.keys()[old]);
            if (gone || added || from.nextOffsets()[old] != to.nextOffsets()[now]) {
                int key = gone ? from.keys()[old] : to.keys()[now];
                out.put(key - expected);
                expected = key + 1;
                out.put(
                        gone
                                ? 0
                                : added
                                        ? to.nextOffsets()[now]
                                        : zigzag(to.nextOffsets()[now] - from.nextOffsets()[old]));
            }
            old += added ? 0 : 1;
            now += gone ? 0 : 1;
        }
    }

    /** The same, where the keys of {@code to} begin with those of {@code from} and the differing indexes are known. */
    static void writeDifferences(CursorWriter out, Positions from, Positions to, BitSet differing) {
        out.put(differing.cardinality());
        int expected = 0;
        for (int i = differing.nextSetBit(0); i >= 0; i = differing.nextSetBit(i + 1)) {
            int key = to.keys()[i];
            long nextOffset = to.nextOffsets()[i];
            out.put(key - expected).put(i < from.count() ? zigzag(nextOffset - from.nextOffsets()[i]) : nextOffset);
            expected = key + 1;
        }
    }

    /** @throws ArithmeticException if the numbers are not differences */
    static Positions readDifferences(CursorReader in, Positions from) {
        int count = count(in);
        Growing read = new Growing(from.count() + Math.min(count, in.remaining()));
        int old = 0;
        int expected = 0;
        for (int i = 0; i < count; i++) {
            int key = Math.addExact(expected, in.smallNumber());
            expected = Math.addExact(key, 1);
            for (; old < from.count() && from.keys()[old] < key; old++) {
                read.add(from.keys()[old], from.nextOffsets()[old]);
            }
            if (old == from.count() || from.keys()[old] != key) {
                read.add(key, in.number());
            } else {
                long how = in.bits();
                if (how != 0) {
                    read.add(key, moved(from.nextOffsets()[old], how));
                }
                old++;
            }
        }
        for (; old < from.count(); old++) {
            read.add(from.keys()[old], from.nextOffsets()[old]);
        }
        return read.positions();
    }

    private static long moved(long offset, long zigzag) {
        long moved = Math.addExact(offset, (zigzag >>> 1) ^ -(zigzag & 1));
        if (moved < 0) {
            throw new ArithmeticException("an offset is not negative");
        }
        return moved;
    }

    private static long zigzag(long difference) {
        return (difference << 1) ^ (difference >> 63);
    }

    private static int count(CursorReader in) {
        int count = in.smallNumber();
        if (count > MOST || count > in.remaining()) {
            throw new ArithmeticException("the count is larger than what follows");
        }
        return count;
    }

    private static final class Growing {

        private final int[] keys;
        private final long[] nextOffsets;
        private int count;

        Growing(int most) {
            keys = new int[most];
            nextOffsets = new long[most];
        }

        void add(int key, long nextOffset) {
            keys[count] = key;
            nextOffsets[count] = nextOffset;
            count++;
        }

        Positions positions() {
            return new Positions(Arrays.copyOf(keys, count), Arrays.copyOf(nextOffsets, count));
        }
    }
}
