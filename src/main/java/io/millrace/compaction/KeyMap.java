package io.millrace.compaction;

import java.util.Arrays;

/**
 * Maps hashes of keys to numbers, in a fixed amount of memory: open addressing with linear probing, 24 bytes a slot. A
 * hash of 128 bits of SHA-256 stands for its key: nobody can make two keys of one hash.
 */
final class KeyMap {

    /** Of a key that is not in the map. */
    static final long NONE = -1;

    private static final int SLOT_BYTES = 3 * Long.BYTES;

    /** Above this share of slots in use, probing becomes slow. */
    private static final double FULL = 0.75;

    private final long[] high;
    private final long[] low;
    private final long[] values;
    private int size;

    /** @param bytes of memory, rounded down to a power of two of slots */
    KeyMap(long bytes) {
        int slots = Integer.highestOneBit((int) Math.clamp(bytes / SLOT_BYTES, 2, 1 << 29));
        this.high = new long[slots];
        this.low = new long[slots];
        this.values = new long[slots];
        clear();
    }

    void clear() {
        Arrays.fill(values, NONE);
        size = 0;
    }

    boolean isFull() {
        return size >= values.length * FULL;
    }

    /**
     * Sets the value of a key. The map must not be full.
     *
     * @param value at least 0
     * @return the value that it had, or {@link #NONE}
     */
    long put(long hashHigh, long hashLow, long value) {
        int slot = slotOf(hashHigh, hashLow);
        long before = values[slot];
        if (before == NONE) {
            high[slot] = hashHigh;
            low[slot] = hashLow;
            size++;
        }
        values[slot] = value;
        return before;
    }

    /** Keeps only the keys of a slice. */
    void retain(Slice slice) {
        long[] keptHigh = new long[size];
        long[] keptLow = new long[size];
        long[] keptValues = new long[size];
        int kept = 0;
        for (int slot = 0; slot < values.length; slot++) {
            if (values[slot] != NONE && slice.has(high[slot])) {
                keptHigh[kept] = high[slot];
                keptLow[kept] = low[slot];
                keptValues[kept++] = values[slot];
            }
        }
        clear();
        for (int i = 0; i < kept; i++) {
            put(keptHigh[i], keptLow[i], keptValues[i]);
        }
    }

    private int slotOf(long hashHigh, long hashLow) {
        int slot = (int) hashLow & (values.length - 1);
        while (values[slot] != NONE && (high[slot] != hashHigh || low[slot] != hashLow)) {
            slot = (slot + 1) & (values.length - 1);
        }
        return slot;
    }

    /**
     * The keys whose hashes have these bits.
     *
     * @param mask the bits that count: the lowest ones
     */
    record Slice(long mask, long bits) {

        static final Slice ALL = new Slice(0, 0);

        boolean has(long hashHigh) {
            return (hashHigh & mask) == bits;
        }

        /** One half of it. */
        Slice lower() {
            return new Slice(mask << 1 | 1, bits);
        }

        /** The other half. */
        Slice upper() {
            return new Slice(mask << 1 | 1, bits | mask + 1);
        }
    }
}
