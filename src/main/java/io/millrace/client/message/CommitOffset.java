package io.millrace.client.message;

import org.jspecify.annotations.Nullable;

/**
 * What a member of a group commits for a partition.
 *
 * @param epoch of the records that were processed, so that a commit does not undo a reset of the group; null for none
 * @param nextOffset behind the last that was processed
 * @param metadata kept with the offset; null for none
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
