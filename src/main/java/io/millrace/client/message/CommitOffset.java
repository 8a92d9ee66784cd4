package io.millrace.client.message;

import org.jspecify.annotations.Nullable;

/**
 * A group member's commit for one partition.
 *
 * @param epoch of the processed records, so that a commit does not undo a reset of the group; null for none
 * @param nextOffset the offset after the last processed record
 * @param metadata stored with the offset; null for none
 */
public record CommitOffset(
        String topic,
        int partition,
        @Nullable Long epoch,
        long nextOffset,
        @Nullable String metadata) {

    public CommitOffset(String topic, int partition, long nextOffset) {
        this(topic, partition, null, nextOffset, null);
    }
}
