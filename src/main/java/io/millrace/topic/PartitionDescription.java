package io.millrace.topic;

import io.millrace.eventlog.PartitionBounds;
import io.millrace.segment.PartitionSize;
import org.jspecify.annotations.Nullable;

/**
 * A partition of a topic.
 *
 * @param size as of the cleaner's last round
 * @param oldestTimestamp of the record where the partition starts, in milliseconds since the epoch; null: there is no
 *     record that readers may see
 */
public record PartitionDescription(
        PartitionBounds bounds,
        PartitionSize size,
        @Nullable Long oldestTimestamp) {}
