package io.millrace.eventlog;

/**
 * Where a partition starts, how far it may be read, and where it ends: {@code stable <= replicated <= end}.
 *
 * @param epoch when it began, records may have been lost
 * @param start the first offset that may be read
 * @param stable the last stable offset: no record before it belongs to a transaction that is still open
 * @param replicated the high watermark: every record before it survives the loss of the primary, if its producer asked
 *     for that
 * @param end the offset that the next record will get
 * @param copies how many servers must have a record, the primary included, before it may be read: the topic's
 *     {@code min_insync_replicas}
 */
public record PartitionBounds(Epoch epoch, long start, long stable, long replicated, long end, int copies) {

    /**
     * The time under one leader.
     *
     * @param number raised when another leader may have lost the partition's newest records: offsets of different
     *     epochs do not compare
     * @param firstOffset where the partition ended when the epoch began: whoever has read further has read records that
     *     are lost
     */
    public record Epoch(int number, long firstOffset) {}

    /** Bounds of a partition where neither a standby nor a transaction holds readers back. */
    public static PartitionBounds settled(int leaderEpoch, long start, long end) {
        return new PartitionBounds(new Epoch(leaderEpoch, 0), start, end, end, end, 1);
    }

    /**
     * Bounds without open transactions.
     *
     * @param replicated known to be on enough servers; counts only if more than one copy is asked for
     */
    static PartitionBounds of(Epoch epoch, long start, long replicated, long end, int copies) {
        long known = copies == 1 ? end : Math.clamp(replicated, Math.min(start, end), end);
        return new PartitionBounds(epoch, start, known, known, end, copies);
    }

    /** Raised when records may have been lost. */
    public int leaderEpoch() {
        return epoch.number();
    }

    /** The same with another start. */
    public PartitionBounds startingAt(long newStart) {
        return of(epoch, newStart, replicated, end, copies);
    }

    /** The same after further records have been stored, up to a new end. */
    public PartitionBounds extendedTo(long newEnd) {
        return of(epoch, start, replicated, newEnd, copies);
    }

    /** The same once enough servers have the records up to an offset. */
    public PartitionBounds replicatedTo(long offset) {
        return of(epoch, start, Math.max(replicated, offset), end, copies);
    }

    /** The same with another number of copies; what could be read stays readable. */
    public PartitionBounds withCopies(int newCopies) {
        return of(epoch, start, replicated, end, newCopies);
    }

    /** Whether there are records that are not known to be on enough servers. */
    public boolean awaitsReplicas() {
        return replicated < end;
    }

    /** The offset where readers stop for now: they see only replicated records of committed transactions. */
    public long readable() {
        return stable;
    }
}
