package io.millrace.client.message;

import io.millrace.event.TopicPartition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group as operators see it.
 *
 * @param state {@code empty}, {@code rebalancing} or {@code stable}
 * @param lag uncommitted records of all partitions
 * @param lagMs the largest of all partitions, in milliseconds
 */
public record Group(
        String group,
        String state,
        long epoch,
        String assignor,
        Instant createdAt,
        List<Member> members,
        List<Offset> offsets,
        long lag,
        long lagMs) {

    /**
     * A member of the group.
     *
     * @param idle whether it owns no partition
     */
    public record Member(
            String memberId,
            @Nullable String instanceId,
            String protocol,
            List<String> topics,
            long epoch,
            List<TopicPartition> assignment,
            boolean idle) {}

    /**
     * The group's committed offset in a partition.
     *
     * @param endOffset the offset after the partition's last record
     * @param committedAt null if nothing is committed
     * @param memberId the owner; null if there is none
     */
    public record Offset(
            String topic,
            int partition,
            long nextOffset,
            long endOffset,
            long lag,
            long lagMs,
            @Nullable String metadata,
            @Nullable Instant committedAt,
            @Nullable String memberId) {}

    /** A group in the list of groups. */
    public record Summary(String group, String state, long epoch, int members) {}

    /**
     * One page of the list of all groups, by name.
     *
     * @param next the name after which the next page begins; null at the end
     */
    public record Listing(List<Summary> groups, @Nullable String next) {}

    /** An offset that a reset has moved, or would move. */
    public record Moved(String topic, int partition, long before, long after) {}

    /** The offsets of all partitions. */
    public record Offsets(List<Offset> offsets) {}

    /** The offsets that a reset has moved, or would move. */
    public record ResetResult(List<Moved> offsets) {}
}
