package io.millrace.group.admin;

import io.millrace.event.TopicPartition;
import io.millrace.group.MemberProtocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member as operators see it.
 *
 * @param instanceId null for a dynamic member
 * @param topics names and patterns that it subscribes to
 * @param partitions that it owns; none: it is idle
 */
public record MemberDescription(
        String memberId,
        @Nullable String instanceId,
        MemberProtocol protocol,
        List<String> topics,
        long epoch,
        List<TopicPartition> partitions) {}
