package io.millrace.client.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic at the time of the request; its partitions in the order of their numbers. */
public record Topic(String name, List<Partition> partitions, Config config, Instant createdAt) {

    /**
     * A partition.
     *
     * @param startOffset the offset of the first record that can be read
     * @param nextOffset the offset after the last record
     */
    public record Partition(int partition, long startOffset, long nextOffset) {}

    /** The settings of a topic. */
    public record Config(
            long retentionMs, long retentionBytes, String cleanupPolicy, int maxRecordBytes, int minInsyncReplicas) {}

    /** A topic in the list of topics. */
    public record Summary(String name, int partitions, Config config, Instant createdAt) {}

    /**
     * One page of the list of all topics, by name.
     *
     * @param next the name after which the next page begins; null at the end
     */
    public record Listing(List<Summary> topics, @Nullable String next) {}
}
