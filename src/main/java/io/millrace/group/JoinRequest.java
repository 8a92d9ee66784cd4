package io.millrace.group;

import io.millrace.assignor.AssignorName;
import io.millrace.event.StartPosition;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to become a member of a group.
 *
 * @param group its name; a group that does not exist is created
 * @param topics names, or patterns with {@code *} for any run of characters; at least one
 * @param from where the group begins in partitions for which it has no offset yet, and where the member goes on in
 *     those whose next record has expired; never moves an offset that can be read
 * @param instanceId of a static member, which keeps its partitions if it joins again within its session timeout; null
 *     for a dynamic one
 * @param sessionTimeout how long a member lives without a sign of life: one without a connection, or a static one whose
 *     connection ended; null for the hub's default
 * @param assignor null for the group's; a different one is refused while the group has members
 */
public record JoinRequest(
        String group,
        MemberProtocol protocol,
        List<String> topics,
        StartPosition from,
        @Nullable String instanceId,
        @Nullable Duration sessionTimeout,
        @Nullable AssignorName assignor) {

    public JoinRequest {
        topics = List.copyOf(topics);
    }
}
