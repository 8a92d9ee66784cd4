package io.millrace.topic;

/**
 * What becomes of the records of a partition.
 *
 * @param retentionMs how long they are kept; {@link TopicConfig#UNLIMITED} for ever
 * @param retentionBytes how many bytes are kept; {@link TopicConfig#UNLIMITED} for all
 * @param compaction how the partition is compacted
 */
public record PartitionRetention(int partitionId, long retentionMs, long retentionBytes, Compaction compaction) {

    /**
     * How a partition is compacted.
     *
     * @param enabled whether it is
     * @param deleteRetentionMs how long a tombstone is kept after compaction has first seen it
     * @param minLagMs how long a record is kept whatever comes after it
     */
    public record Compaction(boolean enabled, long deleteRetentionMs, long minLagMs) {}

    /** Whether records go when they are old, or there are too many. */
    public boolean expires() {
        return retentionMs != TopicConfig.UNLIMITED || retentionBytes != TopicConfig.UNLIMITED;
    }

    /** As a topic's configuration says: the newest records of each key are kept for ever if it is only compacted. */
    public static PartitionRetention of(int partitionId, TopicConfig config) {
        boolean deletes = config.cleanupPolicy().deletes();
        return new PartitionRetention(
                partitionId,
                deletes ? config.retentionMs() : TopicConfig.UNLIMITED,
                deletes ? config.retentionBytes() : TopicConfig.UNLIMITED,
                new Compaction(
                        config.cleanupPolicy().compacts(), config.deleteRetentionMs(), config.minCompactionLagMs()));
    }
}
