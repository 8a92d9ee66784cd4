package io.millrace.group;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member as a row.
 *
 * @param instanceId null for a dynamic member
 * @param nodeId the node that serves its connection; null for one that lives by its session timeout
 * @param epoch of the last change of what it owns or has to give up
 * @param alive whether its node's lease, or its own session, has not run out
 */
public record Member(
        String id,
        @Nullable String instanceId,
        MemberProtocol protocol,
        @Nullable String nodeId,
        int sessionTimeoutMillis,
        List<String> topics,
        long epoch,
        boolean alive) {}
