package io.millrace.cursor;

import java.util.Arrays;

/**
 * The next offset to read in each of some partitions. The arrays are not copied, and must not be changed once this is
 * shared.
 *
 * @param keys numbers that stand for partitions, ascending
 * @param nextOffsets the position for each key
 */
public record Positions(int[] keys, long[] nextOffsets) {

    public static final Positions NONE = new Positions(new int[0], new long[0]);

    public Positions {
        if (keys.length != nextOffsets.length) {
            throw new IllegalArgumentException("each position has a key");
        }
    }

    public int count() {
        return keys.length;
    }

    /** The position in a partition; -1 if there is none. */
    public long nextOffset(int key) {
        int index = Arrays.binarySearch(keys, key);
        return index < 0 ? -1 : nextOffsets[index];
    }

    /** Changes one position; only before these are shared. False if the key has none. */
    public boolean move(int key, long nextOffset) {
        int index = Arrays.binarySearch(keys, key);
        if (index >= 0) {
            nextOffsets[index] = nextOffset;
        }
        return index >= 0;
    }

    /** The number of partitions in which these differ from others, counted up to {@code most}. */
    public int differences(Positions others, int most) {
        int differences = 0;
        int theirs = 0;
        for (int mine = 0; mine < keys.length && differences < most; mine++) {
            while (theirs < others.keys.length && others.keys[theirs] < keys[mine]) {
                theirs++;
                differences++;
            }
            boolean both = theirs < others.keys.length && others.keys[theirs] == keys[mine];
            if (!both || others.nextOffsets[theirs] != nextOffsets[mine]) {
                differences++;
            }
            theirs += both ? 1 : 0;
        }
        return Math.min(most, differences + others.keys.length - theirs);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Positions positions
                && Arrays.equals(keys, positions.keys)
                && Arrays.equals(nextOffsets, positions.nextOffsets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(keys) + Arrays.hashCode(nextOffsets);
    }

    @Override
    public String toString() {
        return Arrays.toString(keys) + " at " + Arrays.toString(nextOffsets);
    }
}
