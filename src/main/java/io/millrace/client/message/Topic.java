package io.millrace.client.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic as it stood when it was asked for; its partitions in the order of their numbers. */
public record Topic(String name, List<Partition> partitions, Config config, Instant createdAt) {

    /**
     * A partition.
     *
     * @param startOffset the first that can be read
     * @param nextOffset behind the last
     */
    public record Partition(int partition, long startOffset, long nextOffset) {}

    /** What is set for a topic. */
    public record Config(
            long retentionMs, long retentionBytes, String cleanupPolicy, int maxRecordBytes, int minInsyncReplicas) {}

    /** A topic in a list of them. */
    public record Summary(String name, int partitions, Config config, Instant createdAt) {}

    /**
     * One page of the list of all topics, by name.
     *
     * @param next after which name to go on; null at the end
     */
    public record Listing(List<Summary> topics, @Nullable String next) {}
}
