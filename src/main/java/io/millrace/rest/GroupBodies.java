package io.millrace.rest;

import io.millrace.consume.GroupRequests;
import io.millrace.edge.JsonFields;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.group.OffsetCommit;
import io.millrace.group.admin.ResetScope;
import io.millrace.group.admin.ResetTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Parses the bodies of group and member requests. A field of the wrong type is refused with its place. */
final class GroupBodies {

    private static final String TO_RULE =
            "to must be \"earliest\", \"latest\", {\"offset\":n}, {\"timestamp\":ms} or {\"shift\":n}";

    private static final Set<String> PARTITION = Set.of("topic", "partition");

    private GroupBodies() {}

    /** @throws HubException {@code malformed_json}, {@code invalid_request} */
    static JoinRequest join(String group, byte[] bytes) {
        return GroupRequests.join(group, MemberProtocol.REST, JsonFields.parse(bytes, GroupRequests.JOIN));
    }

    /**
     * What a member commits.
     *
     * @param epoch the newest epoch that the member knows; empty if it names none
     */
    record Commit(OptionalLong epoch, List<OffsetCommit> offsets) {}

    static Commit commit(byte[] bytes) {
        JsonFields body = JsonFields.parse(bytes, Set.of("epoch", "offsets"));
        List<OffsetCommit> offsets =
                GroupRequests.offsets(body.requiredObjects("offsets", GroupRequests.OFFSET, GroupLimits.MOST_OFFSETS));
        return new Commit(body.number("epoch", 0, Long.MAX_VALUE), offsets);
    }

    /** The epoch that a heartbeat acknowledges; empty if it names none or has no body. */
    static OptionalLong heartbeat(byte[] bytes) {
        return bytes.length == 0
                ? OptionalLong.empty()
                : JsonFields.parse(bytes, Set.of("epoch")).number("epoch", 0, Long.MAX_VALUE);
    }

    /** Which partitions of a group to move, and where to. */
    record Reset(ResetTarget to, ResetScope scope) {}

    static Reset reset(byte[] bytes) {
        JsonFields body = JsonFields.parse(bytes, Set.of("to", "topics", "partitions"));
        LinkedHashSet<TopicPartition> partitions = new LinkedHashSet<>();
        for (JsonFields partition : body.objects("partitions", PARTITION, GroupLimits.MOST_OFFSETS)) {
            GroupRequests.partition(partition, partitions);
        }
        return new Reset(target(body), new ResetScope(body.texts("topics", GroupRequests.MOST_TOPICS), partitions));
    }

    private static ResetTarget target(JsonFields body) {
        if (!body.has("to")) {
            throw body.required("to");
        }
        JsonNode to = body.node("to").orElseThrow();
        if (to.isString()) {
            return switch (to.stringValue()) {
                case "earliest" -> new ResetTarget.Earliest();
                case "latest" -> new ResetTarget.Latest();
                default -> throw body.refusal("to", "invalid_target", TO_RULE);
            };
        }
        if (!to.isObject()) {
            throw body.refusal("to", "wrong_type", TO_RULE);
        }
        JsonFields exact = body.requiredObject("to", Set.of("offset", "timestamp", "shift"));
        if (to.size() != 1) {
            throw exact.refusal("invalid_target", TO_RULE);
        }
        if (exact.has("offset")) {
            return new ResetTarget.Offset(exact.requiredNumber("offset", 0, Long.MAX_VALUE));
        }
        return exact.has("timestamp")
                ? new ResetTarget.Timestamp(exact.requiredNumber("timestamp", 0, StartPosition.MAX_TIMESTAMP))
                : new ResetTarget.Shift(exact.requiredNumber("shift", Long.MIN_VALUE, Long.MAX_VALUE));
    }
}
