package io.millrace.topic;

/**
 * The settings of a topic. Values from outside are checked by {@link ConfigPatch}, so a configuration is valid.
 *
 * @param retentionMs how long records are kept, or {@link #UNLIMITED}
 * @param retentionBytes how many bytes of each partition are kept, or {@link #UNLIMITED}
 * @param cleanupPolicy what happens to old records
 * @param maxRecordBytes the largest record accepted: bytes of key, value and headers together
 * @param minInsyncReplicas how many copies an append with {@code acks=all} requires, including the primary's
 */
public record TopicConfig(
        long retentionMs, long retentionBytes, CleanupPolicy cleanupPolicy, int maxRecordBytes, int minInsyncReplicas) {

    public static final long UNLIMITED = -1;

    /** Fits into a request of the default size limit. */
    public static final int LARGEST_RECORD_BYTES = 16 * 1024 * 1024;

    public static final int MOST_INSYNC_REPLICAS = 10;

    /** Kafka's defaults: seven days, records of up to 1 MiB. */
    public static final TopicConfig DEFAULTS =
            new TopicConfig(604_800_000, UNLIMITED, CleanupPolicy.DELETE, 1024 * 1024, 1);

    /** The value of one setting: a {@code Long} or a {@code String}. */
    public Object value(ConfigKey key) {
        return switch (key) {
            case RETENTION_MS -> retentionMs;
            case RETENTION_BYTES -> retentionBytes;
            case CLEANUP_POLICY -> cleanupPolicy.text();
            case MAX_RECORD_BYTES -> (long) maxRecordBytes;
            case MIN_INSYNC_REPLICAS -> (long) minInsyncReplicas;
        };
    }

    public TopicConfig withRetentionMs(long value) {
        return new TopicConfig(value, retentionBytes, cleanupPolicy, maxRecordBytes, minInsyncReplicas);
    }

    public TopicConfig withRetentionBytes(long value) {
        return new TopicConfig(retentionMs, value, cleanupPolicy, maxRecordBytes, minInsyncReplicas);
    }

    public TopicConfig withCleanupPolicy(CleanupPolicy value) {
        return new TopicConfig(retentionMs, retentionBytes, value, maxRecordBytes, minInsyncReplicas);
    }

    public TopicConfig withMaxRecordBytes(int value) {
        return new TopicConfig(retentionMs, retentionBytes, cleanupPolicy, value, minInsyncReplicas);
    }

    public TopicConfig withMinInsyncReplicas(int value) {
        return new TopicConfig(retentionMs, retentionBytes, cleanupPolicy, maxRecordBytes, value);
    }
}
