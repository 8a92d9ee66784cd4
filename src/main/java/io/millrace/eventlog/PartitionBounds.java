package io.millrace.eventlog;

/**
 * Where a partition starts, how far it may be read, and where it ends: {@code stable <= replicated <= end}.
 *
 * @param leaderEpoch raised when a failover may have lost the partition's newest records: offsets of different epochs
 *     do not compare
 * @param start the first offset that may be read
 * @param stable the last stable offset: no record before it belongs to a transaction that is still open
 * @param replicated the high watermark: every record before it survives the loss of the primary, if its producer asked
 *     for that
 * @param end the offset that the next record will get
 */
public record PartitionBounds(int leaderEpoch, long start, long stable, long replicated, long end) {

    /** Bounds of a partition where neither a standby nor a transaction holds readers back. */
    public static PartitionBounds settled(int leaderEpoch, long start, long end) {
        return new PartitionBounds(leaderEpoch, start, end, end, end);
    }

    /** The offset where readers stop for now: they see only replicated records of committed transactions. */
    public long readable() {
        return stable;
    }
}
