package io.millrace.retention;

import io.millrace.segment.Cleaning;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import java.util.List;

/**
 * What of a topic would go if the cleaner came now.
 *
 * @param config by which that was found out
 * @param partitions 0, 1, 2, …
 * @param cleaning what the cleaner of the log did last
 */
public record RetentionPreview(Topic topic, TopicConfig config, List<Partition> partitions, Cleaning cleaning) {

    /**
     * A partition of it.
     *
     * @param startOffset where it starts
     * @param keptFrom where it would start: the records before would go
     * @param nextOffset where it ends
     * @param bytes of keys, values and headers, as of the cleaner's last round
     * @param expiredBytes of those that would go
     */
    public record Partition(long startOffset, long keptFrom, long nextOffset, long bytes, long expiredBytes) {}
}
