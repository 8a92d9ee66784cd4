package io.millrace.rest;

import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.AssignorName;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.group.OffsetCommit;
import io.millrace.group.ResetTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bodies of requests of groups and their members, with every member of its type or refused with its place. */
final class GroupBodies {

    private static final String FROM_RULE =
            "from is committed, earliest, latest or a timestamp in milliseconds since 1970";
    private static final String TO_RULE =
            "to is \"earliest\", \"latest\", {\"offset\":n}, {\"timestamp\":ms} or {\"shift\":n}";

    /** Fewer digits than would overflow: milliseconds far beyond any calendar. */
    private static final Pattern TIMESTAMP = Pattern.compile("[0-9]{1,18}");

    private static final Set<String> PARTITION = Set.of("topic", "partition");

    private GroupBodies() {}

    /** @throws HubException {@code malformed_json}, {@code invalid_request} */
    static JoinRequest join(String group, byte[] bytes) {
        JsonBody body =
                JsonBody.parse(bytes, Set.of("topics", "from", "session_timeout_ms", "instance_id", "assignor"));
        if (!body.has("topics")) {
            throw body.required("topics");
        }
        return new JoinRequest(
                group,
                MemberProtocol.REST,
                body.texts("topics", GroupLimits.MOST_TOPICS),
                from(body),
                body.text("instance_id").orElse(null),
                sessionTimeout(body),
                assignor(body));
    }

    private static StartPosition from(JsonBody body) {
        if (!body.has("from")) {
            return new StartPosition.Latest();
        }
        JsonNode from = body.node("from").orElseThrow();
        if (!from.isString() && !from.isIntegralNumber()) {
            throw body.refusal("from", "wrong_type", FROM_RULE);
        }
        String text = from.asString();
        return switch (text) {
            // What has been committed always wins; where nothing has, only what comes from now on is read.
            case "committed", "latest" -> new StartPosition.Latest();
            case "earliest" -> new StartPosition.Earliest();
            default -> {
                if (!TIMESTAMP.matcher(text).matches()) {
                    throw body.refusal("from", "invalid_position", FROM_RULE);
                }
                yield new StartPosition.AtTimestamp(Long.parseLong(text));
            }
        };
    }

    private static @Nullable Duration sessionTimeout(JsonBody body) {
        OptionalLong millis = body.number("session_timeout_ms", 1, Integer.MAX_VALUE);
        return millis.isEmpty() ? null : Duration.ofMillis(millis.getAsLong());
    }

    private static @Nullable AssignorName assignor(JsonBody body) {
        Optional<String> code = body.text("assignor");
        if (code.isEmpty()) {
            return null;
        }
        return AssignorName.of(code.get())
                .orElseThrow(() -> body.refusal(
                        "assignor",
                        "unknown_assignor",
                        "assignor is one of "
                                + Arrays.stream(AssignorName.values())
                                        .map(AssignorName::code)
                                        .collect(Collectors.joining(", "))));
    }

    /**
     * What a member commits.
     *
     * @param epoch the newest that it knows; empty if it does not say
     */
    record Commit(OptionalLong epoch, List<OffsetCommit> offsets) {}

    static Commit commit(byte[] bytes) {
        JsonBody body = JsonBody.parse(bytes, Set.of("epoch", "offsets"));
        if (!body.has("offsets")) {
            throw body.required("offsets");
        }
        List<OffsetCommit> offsets = new ArrayList<>();
        Set<TopicPartition> named = new HashSet<>();
        for (JsonBody offset : body.objects(
                "offsets",
                Set.of("topic", "partition", "epoch", "next_offset", "metadata"),
                GroupLimits.MOST_OFFSETS)) {
            TopicPartition name = partition(offset, named);
            offsets.add(new OffsetCommit(
                    name,
                    offset.requiredNumber("next_offset", 0, Long.MAX_VALUE),
                    metadata(offset),
                    offset.number("epoch", 0, Long.MAX_VALUE)));
        }
        return new Commit(body.number("epoch", 0, Long.MAX_VALUE), offsets);
    }

    private static @Nullable String metadata(JsonBody offset) {
        Optional<String> metadata = offset.text("metadata");
        if (metadata.isPresent() && !OffsetCommit.isMetadata(metadata.get())) {
            throw offset.refusal("metadata", "invalid_metadata", OffsetCommit.METADATA_RULE);
        }
        return metadata.orElse(null);
    }

    private static TopicPartition partition(JsonBody body, Set<TopicPartition> named) {
        TopicPartition name = new TopicPartition(
                body.requiredText("topic"), (int) body.requiredNumber("partition", 0, Integer.MAX_VALUE));
        if (!named.add(name)) {
            throw body.refusal("duplicate", "the partition is there already");
        }
        return name;
    }

    /** The epoch that a heartbeat acknowledges; empty if it does not say, or has no body. */
    static OptionalLong heartbeat(byte[] bytes) {
        return bytes.length == 0
                ? OptionalLong.empty()
                : JsonBody.parse(bytes, Set.of("epoch")).number("epoch", 0, Long.MAX_VALUE);
    }

    /**
     * Where a group is to be moved.
     *
     * @param topics empty, with {@code partitions} empty, for all
     */
    record Reset(ResetTarget to, Set<String> topics, Set<TopicPartition> partitions) {}

    static Reset reset(byte[] bytes) {
        JsonBody body = JsonBody.parse(bytes, Set.of("to", "topics", "partitions"));
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (JsonBody partition : body.objects("partitions", PARTITION, GroupLimits.MOST_OFFSETS)) {
            partition(partition, partitions);
        }
        return new Reset(target(body), new LinkedHashSet<>(body.texts("topics", GroupLimits.MOST_TOPICS)), partitions);
    }

    private static ResetTarget target(JsonBody body) {
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
        JsonBody exact = body.requiredObject("to", Set.of("offset", "timestamp", "shift"));
        if (to.size() != 1) {
            throw exact.refusal("invalid_target", TO_RULE);
        }
        if (exact.has("offset")) {
            return new ResetTarget.Offset(exact.requiredNumber("offset", 0, Long.MAX_VALUE));
        }
        return exact.has("timestamp")
                ? new ResetTarget.Timestamp(exact.requiredNumber("timestamp", 0, Long.MAX_VALUE))
                : new ResetTarget.Shift(exact.requiredNumber("shift", Long.MIN_VALUE, Long.MAX_VALUE));
    }
}
