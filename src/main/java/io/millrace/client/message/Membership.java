package io.millrace.client.message;

import io.millrace.event.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a member without a connection, as the hub reports it when the member joins, with each heartbeat and with
 * records.
 *
 * @param epoch rises with every change of the assignment
 * @param assignment the partitions that it owns
 * @param revoking the partitions that it must give up once it has committed what it has read of them; still in the
 *     assignment
 * @param heartbeatMs after how long the next heartbeat is due; null with records
 * @param sessionTimeoutMs after how long without a read or heartbeat it is removed; given when it joins
 */
public record Membership(
        String memberId,
        long epoch,
        List<Owned> assignment,
        List<TopicPartition> revoking,
        @Nullable Long heartbeatMs,
        @Nullable Long sessionTimeoutMs) {

    /** A missing list is empty. */
    @SuppressWarnings("NullAway") // Jackson passes null for missing fields.
    public Membership {
        revoking = revoking == null ? List.of() : revoking;
    }

    /**
     * A partition that the member owns.
     *
     * @param epoch since when the member owns it
     * @param nextOffset where it continues; null with records
     */
    public record Owned(
            String topic,
            int partition,
            long epoch,
            @Nullable Long nextOffset) {}
}
