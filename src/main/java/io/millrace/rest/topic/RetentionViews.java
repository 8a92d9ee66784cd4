package io.millrace.rest.topic;

import io.millrace.erasure.Erasure;
import io.millrace.retention.CleanerState;
import io.millrace.retention.RetentionPreview;
import io.millrace.segment.Cleaning;
import io.millrace.topic.TopicConfig;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Old records as clients see them. */
final class RetentionViews {

    private RetentionViews() {}

    @Schema(name = "DeletedRecords")
    record DeletedView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0") int partition,

            @Schema(description = "The first offset that can be read")
            long start_offset) {}

    @Schema(name = "Retention", description = "What of a topic would go if the cleaner came now")
    record RetentionView(
            @Schema(example = "flights") String topic,

            @Schema(example = "604800000", description = TopicViews.RETENTION_MS)
            long retention_ms,

            @Schema(example = "-1", description = TopicViews.RETENTION_BYTES)
            long retention_bytes,

            @Schema(allowableValues = {"delete", "compact", "compact,delete"})
            String cleanup_policy,

            List<PartitionRetentionView> partitions,
            CleanerView cleaner) {}

    @Schema(name = "PartitionRetention")
    record PartitionRetentionView(
            int partition,

            @Schema(description = "The first offset that can be read")
            long start_offset,

            @Schema(description = "Where the partition would start: the records before would go")
            long kept_from,

            @Schema(description = "The offset that the next record gets")
            long next_offset,

            @Schema(description = TopicViews.SIZE_BYTES) long size_bytes,

            @Schema(description = "Of these, the bytes that would go")
            long expired_bytes,

            @Schema(
                    description =
                            "Of these, the bytes that compaction has not seen yet; it comes when they are at least"
                                    + " half of what is in segments that no longer grow. Null: the partition is not"
                                    + " compacted")
            @Nullable
            Long uncompacted_bytes) {}

    @Schema(name = "Cleaner", description = "What the cleaner of the whole log has done, on whichever nodes")
    record CleanerView(
            @Schema(description = "How often a round begins, at least, in milliseconds")
            long interval_ms,

            @Schema(description = "When its last round ended; null before the first") @Nullable
            Instant last_run,

            @Schema(description = "How many segments it has dropped")
            long segments_freed,

            @Schema(description = "What their tables took on disk")
            long bytes_freed,

            @Schema(description = "What the tables take on disk to which it has copied what was left of others")
            long bytes_rewritten,

            @Schema(description = "What it has still to free on disk: dropped segments and the dead part of others")
            long backlog_bytes,

            @Schema(
                    example = "a transaction that has been open for 3600 s: pg_dump, pid 4711",
                    description = "What keeps it from freeing space; null: nothing")
            @Nullable
            String waits_for) {}

    @Schema(name = "Erasure", description = "A key whose records were asked to be erased")
    record ErasureView(
            @Schema(example = "flights") String topic,
            @Schema(example = "1") long erasure_id,
            @Schema(allowableValues = {"pending", "erased"}) String state,
            Instant requested_at,

            @Schema(
                    description =
                            "When the records of the key that were there when erasing was asked for were gone from"
                                    + " all tables of the database; null: some may be there")
            @Nullable
            Instant erased_at,

            @Schema(
                    description =
                            "How many segments hold such records still; null: the next round of the cleaner looks")
            @Nullable
            Integer segments,

            CleanerView cleaner) {}

    static ErasureView of(String topic, Erasure erasure, CleanerState cleaner) {
        return new ErasureView(
                topic,
                erasure.id(),
                erasure.erasedAt() == null ? "pending" : "erased",
                erasure.requestedAt(),
                erasure.erasedAt(),
                erasure.segments(),
                of(cleaner));
    }

    static RetentionView of(RetentionPreview preview) {
        List<PartitionRetentionView> partitions = new ArrayList<>();
        for (RetentionPreview.Partition partition : preview.partitions()) {
            partitions.add(new PartitionRetentionView(
                    partitions.size(),
                    partition.startOffset(),
                    partition.keptFrom(),
                    partition.nextOffset(),
                    partition.bytes(),
                    partition.expiredBytes(),
                    partition.uncompactedBytes()));
        }
        TopicConfig config = preview.config();
        return new RetentionView(
                preview.topic().name(),
                config.retentionMs(),
                config.retentionBytes(),
                config.cleanupPolicy().text(),
                partitions,
                of(preview.cleaner()));
    }

    static CleanerView of(CleanerState cleaner) {
        Cleaning cleaning = cleaner.cleaning();
        return new CleanerView(
                cleaner.interval().toMillis(),
                cleaning.endedAt(),
                cleaning.segmentsFreed(),
                cleaning.bytesFreed(),
                cleaning.bytesRewritten(),
                cleaning.backlogBytes(),
                cleaning.waitsFor());
    }
}
