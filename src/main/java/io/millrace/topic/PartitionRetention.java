package io.millrace.topic;

/**
 * How long the records of a partition are kept; {@link TopicConfig#UNLIMITED} for ever.
 *
 * @param retentionMs by age
 * @param retentionBytes by size
 */
public record PartitionRetention(int partitionId, long retentionMs, long retentionBytes) {

    /** As a topic's configuration says: the newest records of each key are kept for ever if it is only compacted. */
    public static PartitionRetention of(int partitionId, TopicConfig config) {
        return config.cleanupPolicy().deletes()
                ? new PartitionRetention(partitionId, config.retentionMs(), config.retentionBytes())
                : new PartitionRetention(partitionId, TopicConfig.UNLIMITED, TopicConfig.UNLIMITED);
    }
}
