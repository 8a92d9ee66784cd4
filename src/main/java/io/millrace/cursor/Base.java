package io.millrace.cursor;

import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;

/**
 * Stored positions that cursors refer to. A base is stored in full, or as the differences from the last base of its
 * {@link #chain}: so a reader that moves on writes little, even if it follows thousands of partitions. Safe for any
 * thread.
 */
public final class Base {

    /** The first bytes of the content's SHA-256: equal content is one row, and an id names no other content. */
    static final int ID_BYTES = 16;

    private final String id;
    private final long scope;
    private final Positions positions;
    private final List<String> chain;
    private final int chainBytes;
    private volatile long usedNanos;

    /**
     * @param id in hexadecimal
     * @param chain ids of the bases that this one's row builds on, the one in full first
     * @param chainBytes bytes of all differences in the chain, including its own
     * @param usedNanos when its use was last recorded in the database, by the ticker
     */
    Base(String id, long scope, Positions positions, List<String> chain, int chainBytes, long usedNanos) {
        this.id = id;
        this.scope = scope;
        this.positions = positions;
        this.chain = List.copyOf(chain);
        this.chainBytes = chainBytes;
        this.usedNanos = usedNanos;
    }

    public Positions positions() {
        return positions;
    }

    String id() {
        return id;
    }

    long scope() {
        return scope;
    }

    List<String> chain() {
        return chain;
    }

    int chainBytes() {
        return chainBytes;
    }

    long usedNanos() {
        return usedNanos;
    }

    void used(long nanos) {
        usedNanos = nanos;
    }

    /**
     * Writes positions as differences from this base.
     *
     * @param now positions with the same keys, and perhaps more keys after them
     * @param differing the indexes of positions that differ or that the base does not have
     */
    public void write(CursorWriter out, Positions now, BitSet differing) {
        out.put(HexFormat.of().parseHex(id));
        PositionsCodec.writeDifferences(out, positions, now, differing);
    }

    /** Writes positions as differences from this base. */
    public void write(CursorWriter out, Positions now) {
        out.put(HexFormat.of().parseHex(id));
        PositionsCodec.writeDifferences(out, positions, now);
    }
}
