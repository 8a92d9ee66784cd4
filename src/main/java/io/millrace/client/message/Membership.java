package io.millrace.client.message;

import io.millrace.event.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member without a connection is told of itself when it joins, with each heartbeat and with records.
 *
 * @param epoch rises with every change of the assignment
 * @param assignment what is its own
 * @param revoking what it is to give up as soon as it has committed what it has read of it; in the assignment still
 * @param heartbeatMs after how long it is to be heard of again; null with records
 * @param sessionTimeoutMs after how long without a sign of life it is put out; said when it joins
 */
public record Membership(
        String memberId,
        long epoch,
        List<Owned> assignment,
        List<TopicPartition> revoking,
        @Nullable Long heartbeatMs,
        @Nullable Long sessionTimeoutMs) {

    /** What an answer does not have is empty. */
    @SuppressWarnings("NullAway") // Jackson gives null for what is not there.
    public Membership {
        revoking = revoking == null ? List.of() : revoking;
    }

    /**
     * A partition of the member's.
     *
     * @param epoch since when
     * @param nextOffset where it goes on; not said with records
     */
    public record Owned(
            String topic,
            int partition,
            long epoch,
            @Nullable Long nextOffset) {}
}
