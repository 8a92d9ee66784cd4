package io.millrace.client.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscription on a WebSocket: to whole topics, in a group or not, or to partitions of one topic. For null values,
 * the hub's defaults apply.
 *
 * @param id of the subscription, chosen by the client
 * @param ref repeated in the answer to the request
 * @param topics names or, in a group, patterns
 * @param topic the topic of the partitions
 * @param partitions the partitions and where each begins
 * @param from {@code earliest}, {@code latest}, milliseconds since 1970 or, in a group, {@code committed}
 * @param commit in a group: {@code manual} or {@code auto}
 * @param credits how many records the hub may send before more are permitted
 */
public record Subscription(
        String id,
        @Nullable String ref,
        @Nullable List<String> topics,
        @Nullable String topic,
        @Nullable List<Start> partitions,
        @Nullable String from,
        @Nullable String group,
        @Nullable String commit,
        @Nullable String instanceId,
        @Nullable Integer sessionTimeoutMs,
        @Nullable String assignor,
        long credits) {

    /** Where a partition begins. */
    public record Start(int partition, long nextOffset) {}

    /** To whole topics, including partitions that are added later. */
    public static Subscription toTopics(String id, List<String> topics, String from, long credits) {
        return new Subscription(id, null, topics, null, null, from, null, null, null, null, null, credits);
    }

    /** To partitions of one topic. */
    public static Subscription toPartitions(String id, String topic, List<Start> partitions, long credits) {
        return new Subscription(id, null, null, topic, partitions, null, null, null, null, null, null, credits);
    }

    /** As a member of a group that commits the offsets of what it has processed. */
    public static Subscription inGroup(String id, String group, Join how, long credits) {
        return new Subscription(
                id,
                null,
                how.topics(),
                null,
                null,
                how.from(),
                group,
                null,
                how.instanceId(),
                how.sessionTimeoutMs(),
                how.assignor(),
                credits);
    }

    public Subscription ref(String name) {
        return new Subscription(
                id,
                name,
                topics,
                topic,
                partitions,
                from,
                group,
                commit,
                instanceId,
                sessionTimeoutMs,
                assignor,
                credits);
    }
}
