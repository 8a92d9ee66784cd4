package io.millrace.fetch;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a subscription follows, and which of them is next. Guarded by the subscription's lock, except
 * {@link #all} and {@link #lag}.
 */
final class RoundRobin {

    private final Map<TopicPartition, FollowedPartition> byName = new LinkedHashMap<>();
    private volatile List<FollowedPartition> order = List.of();

    /** The index in {@link #order} of the partition that is tried first at the next poll. */
    private int next;

    /** Adds partitions after those that are there; a partition that is there is replaced. */
    void add(List<FollowedPartition> added) {
        added.forEach(followed -> byName.put(followed.name(), followed));
        order = List.copyOf(byName.values());
    }

    void remove(FollowedPartition followed) {
        byName.remove(followed.name());
        order = List.copyOf(byName.values());
        next = 0;
    }

    /** In the order in which they were added; for any thread. */
    List<FollowedPartition> all() {
        return order;
    }

    @Nullable
    FollowedPartition find(TopicPartition name) {
        return byName.get(name);
    }

    /** @throws HubException {@link HubError#UNKNOWN_PARTITION} if it is not followed */
    FollowedPartition get(TopicPartition name) {
        FollowedPartition followed = byName.get(name);
        if (followed == null) {
            throw new HubException(
                    HubError.UNKNOWN_PARTITION,
                    "the subscription does not follow partition " + name.partition() + " of topic " + name.topic());
        }
        return followed;
    }

    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        order.forEach(followed -> positions.put(followed.name(), followed.position()));
        return positions;
    }

    /** The sum of the leader epochs, as known on this node. */
    long epochs() {
        return order.stream()
                .mapToLong(followed -> followed.tail().bounds().leaderEpoch())
                .sum();
    }

    /** The records between the positions and the high watermarks known on this node; for any thread. */
    long lag() {
        long lag = 0;
        for (FollowedPartition followed : order) {
            lag += Math.max(0, followed.tail().highWatermark() - followed.position());
        }
        return lag;
    }

    int size() {
        return order.size();
    }

    /** The i-th partition, counted from the one that is next. */
    FollowedPartition fromNext(int i) {
        return order.get((next + i) % order.size());
    }

    /** Makes the partition after {@code fromNext(i)} the next one, or the first one if some were removed meanwhile. */
    void advanceBeyond(int i) {
        next = order.isEmpty() ? 0 : (next + i + 1) % order.size();
    }
}
