package io.millrace.retention;

import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a topic would go if the cleaner came now.
 *
 * @param config by which that was found out
 * @param partitions 0, 1, 2, …
 * @param cleaner the cleaner of the whole log
 */
public record RetentionPreview(Topic topic, TopicConfig config, List<Partition> partitions, CleanerState cleaner) {

    /**
     * A partition of it.
     *
     * @param startOffset where it starts
     * @param keptFrom where it would start: the records before would go
     * @param nextOffset where it ends
     * @param bytes of keys, values and headers, as of the cleaner's last round
     * @param expiredBytes of those that would go
     * @param uncompactedBytes of those that compaction has not seen yet; null: it will not
     */
    public record Partition(
            long startOffset,
            long keptFrom,
            long nextOffset,
            long bytes,
            long expiredBytes,
            @Nullable Long uncompactedBytes) {}
}
