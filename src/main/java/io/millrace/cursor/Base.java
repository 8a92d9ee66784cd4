package io.millrace.cursor;

import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;

/**
 * Positions that cursors are told from, as they are stored. A base is stored whole, or as what differs from the last of
 * its {@link #chain}; so a reader that moves on writes little, though it follows thousands of partitions. Safe for all
 * threads.
 */
public final class Base {

    /** Of a SHA-256 of the content: the same positions are the same row, and what is not there is never another's. */
    static final int ID_BYTES = 16;

    private final String id;
    private final long scope;
    private final Positions positions;
    private final List<String> chain;
    private final int chainBytes;
    private volatile long usedNanos;

    /**
     * @param id in hexadecimal
     * @param chain the bases that this one's row needs, the whole one first
     * @param chainBytes of all differences behind the whole one, with its own
     * @param usedNanos when it was last noted in the database that it is used
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
     * Writes positions as what differs from this base.
     *
     * @param now of the same keys, and perhaps of more behind them
     * @param differing the indexes of those that differ, or that the base does not have
     */
    public void write(CursorWriter out, Positions now, BitSet differing) {
        out.put(HexFormat.of().parseHex(id));
        PositionsCodec.writeDifferences(out, positions, now, differing);
    }

    /** Writes positions as what differs from this base. */
    public void write(CursorWriter out, Positions now) {
        out.put(HexFormat.of().parseHex(id));
        PositionsCodec.writeDifferences(out, positions, now);
    }
}
