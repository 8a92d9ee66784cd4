package io.millrace.client.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a member joins a group. What is null is left to the hub.
 *
 * @param topics names, or patterns with {@code *}
 * @param from where to begin without a committed offset: {@code earliest}, {@code latest} or milliseconds since 1970
 * @param sessionTimeoutMs after how long without a sign of life the member is put out
 * @param instanceId of a static member, who may join again
 * @param assignor of a group without members: {@code sticky}, {@code range} or {@code round_robin}
 */
public record Join(
        List<String> topics,
        @Nullable String from,
        @Nullable Integer sessionTimeoutMs,
        @Nullable String instanceId,
        @Nullable String assignor) {

    public static Join of(String... topics) {
        return new Join(List.of(topics), null, null, null, null);
    }

    public Join from(String position) {
        return new Join(topics, position, sessionTimeoutMs, instanceId, assignor);
    }

    public Join sessionTimeoutMs(int millis) {
        return new Join(topics, from, millis, instanceId, assignor);
    }

    public Join instance(String id) {
        return new Join(topics, from, sessionTimeoutMs, id, assignor);
    }
}
