package io.millrace.client.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a member joins a group. For null values, the hub's defaults apply.
 *
 * @param topics names, or patterns with {@code *}
 * @param from where to begin without a committed offset: {@code earliest}, {@code latest} or milliseconds since 1970
 * @param sessionTimeoutMs after how long without a read or heartbeat the member is removed
 * @param instanceId of a static member, which may rejoin
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
