package io.millrace.rest.topic;

import io.millrace.apidocs.SentByClient;
import io.millrace.rest.ReplicaViews.ReplicaView;
import io.millrace.topic.ConfigKey;
import io.millrace.topic.PartitionDescription;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.TopicDescription;
import io.millrace.topic.TopicName;
import io.millrace.topic.TopicPage;
import io.millrace.topic.TopicSummary;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Topics as clients see them. */
final class TopicViews {

    static final String RETENTION_MS = "How long records are kept, in milliseconds; -1 for no limit";
    static final String RETENTION_BYTES = "How many bytes are kept per partition; -1 for no limit";
    static final String SIZE_BYTES = "Bytes of keys, values and headers, before compression, as the cleaner has counted"
            + " them in its last round";

    private static final String MAX_RECORD_BYTES = "The largest record allowed: key, value and headers, in bytes";
    private static final String DELETE_RETENTION_MS =
            "How long a tombstone is kept after compaction has first seen it, in milliseconds";
    private static final String MIN_COMPACTION_LAG_MS =
            "How long a record is kept whatever comes after it, in milliseconds";
    private static final String MIN_INSYNC_REPLICAS = "Copies that acks=all waits for, including the primary's";

    private TopicViews() {}

    @Schema(name = "TopicRequest")
    record TopicRequest(
            @Schema(example = "flights", description = TopicName.RULE, minLength = 1, maxLength = TopicName.LONGEST)
            String name,

            @Schema(example = "1", minimum = "1", description = "1 unless given here or set for the hub") @Nullable
            Integer partitions,

            @Nullable ConfigRequest config)
            implements SentByClient {}

    @Schema(name = "TopicPatch", description = "A merge patch (RFC 7396): null resets a setting to its default")
    record TopicPatch(
            @Schema(example = "12", minimum = "1", description = "Can only grow") @Nullable
            Integer partitions,

            @Nullable ConfigRequest config)
            implements SentByClient {}

    @Schema(
            name = "TopicConfigRequest",
            description = "Null means the default. A setting that is left out has its"
                    + " default in a new topic, and does not change in a patch")
    record ConfigRequest(
            @Schema(example = "604800000", minimum = "-1", description = RETENTION_MS) @Nullable
            Long retention_ms,

            @Schema(example = "-1", minimum = "-1", description = RETENTION_BYTES) @Nullable
            Long retention_bytes,

            @Schema(allowableValues = {"delete", "compact", "compact,delete"}) @Nullable
            String cleanup_policy,

            @Schema(
                    example = "1048576",
                    minimum = "1",
                    maximum = "" + TopicConfig.LARGEST_RECORD_BYTES,
                    description = MAX_RECORD_BYTES)
            @Nullable
            Integer max_record_bytes,

            @Schema(
                    example = "1",
                    minimum = "1",
                    maximum = "" + TopicConfig.MOST_INSYNC_REPLICAS,
                    description = MIN_INSYNC_REPLICAS)
            @Nullable
            Integer min_insync_replicas,

            @Schema(example = "86400000", minimum = "0", description = DELETE_RETENTION_MS) @Nullable
            Long delete_retention_ms,

            @Schema(example = "0", minimum = "0", description = MIN_COMPACTION_LAG_MS) @Nullable
            Long min_compaction_lag_ms)
            implements SentByClient {}

    @Schema(name = "TopicConfig")
    record TopicConfigView(
            @Schema(example = "604800000", description = RETENTION_MS)
            long retention_ms,

            @Schema(example = "-1", description = RETENTION_BYTES)
            long retention_bytes,

            @Schema(allowableValues = {"delete", "compact", "compact,delete"})
            String cleanup_policy,

            @Schema(example = "1048576", description = MAX_RECORD_BYTES)
            int max_record_bytes,

            @Schema(example = "1", description = MIN_INSYNC_REPLICAS)
            int min_insync_replicas,

            @Schema(example = "86400000", description = DELETE_RETENTION_MS)
            long delete_retention_ms,

            @Schema(example = "0", description = MIN_COMPACTION_LAG_MS)
            long min_compaction_lag_ms) {}

    @Schema(name = "Topic")
    record TopicView(
            String name,
            List<PartitionView> partitions,

            @Schema(description = "The database servers that have the topic: the leader and its followers")
            List<ReplicaView> replicas,

            @Schema(implementation = TopicConfigView.class) Map<String, Object> config,
            Instant created_at) {}

    @Schema(name = "Partition")
    record PartitionView(
            int partition,

            @Schema(description = "The first offset that can be read")
            long start_offset,

            @Schema(
                    description = "Where readers stop for now: before next_offset while min_insync_replicas servers do"
                            + " not have all records")
            long high_watermark,

            @Schema(description = "The offset that the next record gets")
            long next_offset,

            @Schema(description = SIZE_BYTES) long size_bytes,

            @Schema(description = "How many segments of the log these bytes are in")
            int segments,

            @Schema(
                    example = "1700000000000",
                    description = "Of the record at start_offset, in milliseconds since 1970; null if there is none")
            @Nullable
            Long oldest_timestamp) {}

    @Schema(name = "TopicSummary")
    record SummaryView(
            String name,
            int partitions,
            @Schema(implementation = TopicConfigView.class) Map<String, Object> config,
            Instant created_at) {}

    @Schema(name = "TopicList")
    record ListView(
            List<SummaryView> topics,

            @Schema(description = "The parameter after of the next page; null on the last page") @Nullable
            String next) {}

    static TopicView of(TopicDescription description, List<ReplicaView> replicas) {
        List<PartitionView> partitions = new ArrayList<>();
        for (PartitionDescription partition : description.partitions()) {
            partitions.add(of(partitions.size(), partition));
        }
        Topic topic = description.topic();
        return new TopicView(topic.name(), partitions, replicas, config(topic.config()), topic.createdAt());
    }

    private static PartitionView of(int number, PartitionDescription partition) {
        return new PartitionView(
                number,
                partition.bounds().start(),
                partition.bounds().readable(),
                partition.bounds().end(),
                partition.size().bytes(),
                partition.size().segments(),
                partition.oldestTimestamp());
    }

    static ListView of(TopicPage page) {
        return new ListView(page.topics().stream().map(TopicViews::of).toList(), page.next());
    }

    private static SummaryView of(TopicSummary topic) {
        return new SummaryView(topic.name(), topic.partitionCount(), config(topic.config()), topic.createdAt());
    }

    private static Map<String, Object> config(TopicConfig config) {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKey.values()) {
            settings.put(key.text(), config.value(key));
        }
        return settings;
    }
}
