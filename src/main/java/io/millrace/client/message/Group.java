package io.millrace.client.message;

import io.millrace.event.TopicPartition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group as operators see it.
 *
 * @param state {@code empty}, {@code rebalancing} or {@code stable}
 * @param lag records that are not committed, of all partitions
 * @param lagMs of the partition that is furthest behind in time
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
     * @param idle whether it has no partition
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
     * How far the group is with a partition.
     *
     * @param endOffset behind the last record there
     * @param committedAt null if nothing is committed
     * @param memberId whose it is; null for nobody's
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

    /** A group in a list of them. */
    public record Summary(String group, String state, long epoch, int members) {}

    /**
     * One page of the list of all groups, by name.
     *
     * @param next after which name to go on; null at the end
     */
    public record Listing(List<Summary> groups, @Nullable String next) {}

    /** An offset that a reset has moved, or would. */
    public record Moved(String topic, int partition, long before, long after) {}

    /** Those of all its partitions. */
    public record Offsets(List<Offset> offsets) {}

    /** What a reset has done, or would do. */
    public record ResetResult(List<Moved> offsets) {}
}
