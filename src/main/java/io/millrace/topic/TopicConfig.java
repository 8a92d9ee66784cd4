package io.millrace.topic;

/**
 * The settings of a topic. Values from outside are checked by {@link ConfigPatch}, so a configuration is valid.
 *
 * @param retentionMs how long records are kept, or {@link #UNLIMITED}
 * @param retentionBytes how many bytes of each partition are kept, or {@link #UNLIMITED}
 * @param cleanupPolicy what happens to old records
 * @param maxRecordBytes the largest record accepted: bytes of key, value and headers together
 * @param minInsyncReplicas how many copies an append with {@code acks=all} requires, including the primary's
 * @param deleteRetentionMs how long a tombstone is kept after compaction has first seen it
 * @param minCompactionLagMs how long a record is kept whatever comes after it
 */
public record TopicConfig(
        long retentionMs,
        long retentionBytes,
        CleanupPolicy cleanupPolicy,
        int maxRecordBytes,
        int minInsyncReplicas,
        long deleteRetentionMs,
        long minCompactionLagMs) {

    public static final long UNLIMITED = -1;

    /** Fits into a request of the default size limit. */
    public static final int LARGEST_RECORD_BYTES = 16 * 1024 * 1024;

    public static final int MOST_INSYNC_REPLICAS = 10;

    private static final long A_DAY_MS = 86_400_000;

    /** Kafka's defaults: seven days, records of up to 1 MiB, tombstones for a day. */
    public static final TopicConfig DEFAULTS =
            new TopicConfig(604_800_000, UNLIMITED, CleanupPolicy.DELETE, 1024 * 1024, 1);

    /** With the default settings of compaction. */
    public TopicConfig(
            long retentionMs,
            long retentionBytes,
            CleanupPolicy cleanupPolicy,
            int maxRecordBytes,
            int minInsyncReplicas) {
        this(retentionMs, retentionBytes, cleanupPolicy, maxRecordBytes, minInsyncReplicas, A_DAY_MS, 0);
    }

    /** The value of one setting: a {@code Long} or a {@code String}. */
    public Object value(ConfigKey key) {
        return switch (key) {
            case RETENTION_MS -> retentionMs;
            case RETENTION_BYTES -> retentionBytes;
            case CLEANUP_POLICY -> cleanupPolicy.text();
            case MAX_RECORD_BYTES -> (long) maxRecordBytes;
            case MIN_INSYNC_REPLICAS -> (long) minInsyncReplicas;
            case DELETE_RETENTION_MS -> deleteRetentionMs;
            case MIN_COMPACTION_LAG_MS -> minCompactionLagMs;
        };
    }

    public TopicConfig withRetentionMs(long value) {
        return new TopicConfig(
                value,
                retentionBytes,
                cleanupPolicy,
                maxRecordBytes,
                minInsyncReplicas,
                deleteRetentionMs,
                minCompactionLagMs);
    }

    public TopicConfig withRetentionBytes(long value) {
        return new TopicConfig(
                retentionMs,
                value,
                cleanupPolicy,
                maxRecordBytes,
                minInsyncReplicas,
                deleteRetentionMs,
                minCompactionLagMs);
    }

    public TopicConfig withCleanupPolicy(CleanupPolicy value) {
        return new TopicConfig(
                retentionMs,
                retentionBytes,
                value,
                maxRecordBytes,
                minInsyncReplicas,
                deleteRetentionMs,
                minCompactionLagMs);
    }

    public TopicConfig withMaxRecordBytes(int value) {
        return new TopicConfig(
                retentionMs,
                retentionBytes,
                cleanupPolicy,
                value,
                minInsyncReplicas,
                deleteRetentionMs,
                minCompactionLagMs);
    }

    public TopicConfig withMinInsyncReplicas(int value) {
        return new TopicConfig(
                retentionMs,
                retentionBytes,
                cleanupPolicy,
                maxRecordBytes,
                value,
                deleteRetentionMs,
                minCompactionLagMs);
    }

    public TopicConfig withDeleteRetentionMs(long value) {
        return new TopicConfig(
                retentionMs,
                retentionBytes,
                cleanupPolicy,
                maxRecordBytes,
                minInsyncReplicas,
                value,
                minCompactionLagMs);
    }

    public TopicConfig withMinCompactionLagMs(long value) {
        return new TopicConfig(
                retentionMs,
                retentionBytes,
                cleanupPolicy,
                maxRecordBytes,
                minInsyncReplicas,
                deleteRetentionMs,
                value);
    }
}
