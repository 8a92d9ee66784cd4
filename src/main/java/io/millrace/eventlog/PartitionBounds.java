package io.millrace.eventlog;

/**
 * Where a partition starts, how far it is to be read, and where it ends: {@code stable <= replicated <= end}.
 *
 * @param leaderEpoch raised when a failover may have lost the partition's newest records: offsets of different epochs
 *     do not compare
 * @param start the first offset that may be read
 * @param stable the last stable offset: no record before it belongs to a transaction that is still open
 * @param replicated the high watermark: every record before it survives the loss of the primary, where that was asked
 *     for
 * @param end the offset that the next record will get
 */
public record PartitionBounds(int leaderEpoch, long start, long stable, long replicated, long end) {

    /** Of a partition where nothing is waited for: no standby and no transaction holds readers back. */
    public static PartitionBounds settled(int leaderEpoch, long start, long end) {
        return new PartitionBounds(leaderEpoch, start, end, end, end);
    }

    /** Where readers stop for now: what every protocol shows is replicated, and committed. */
    public long readable() {
        return stable;
    }
}
