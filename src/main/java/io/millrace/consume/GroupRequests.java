package io.millrace.consume;

import io.millrace.assignor.AssignorName;
import io.millrace.event.RequestFields;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.Groups;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.group.OffsetCommit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of members' requests, whatever the protocol, and their rules, as far as they can be checked without
 * knowing the group. {@link Groups} checks the rest. Refuses with {@link io.millrace.event.HubError#INVALID_REQUEST}.
 */
public final class GroupRequests {

    /** The fields of a join. */
    public static final Set<String> JOIN = Set.of("topics", "from", "session_timeout_ms", "instance_id", "assignor");

    /** The fields of a position that is committed. */
    public static final Set<String> OFFSET = Set.of("topic", "partition", "epoch", "next_offset", "metadata");

    /** Patterns match any number of topics, so no member needs many names. */
    public static final int MOST_TOPICS = 1000;

    /** Where the group stands; where it has no offset yet, at the end. */
    private static final String COMMITTED = "committed";

    private GroupRequests() {}

    /** A request to join a group, with its {@link #JOIN} fields. */
    public static JoinRequest join(String group, MemberProtocol protocol, RequestFields fields) {
        List<String> topics = fields.texts("topics", MOST_TOPICS);
        if (topics.isEmpty()) {
            throw fields.required("topics");
        }
        return new JoinRequest(
                group,
                protocol,
                topics,
                from(fields),
                fields.text("instance_id").orElse(null),
                sessionTimeout(fields),
                assignor(fields));
    }

    private static StartPosition from(RequestFields fields) {
        Optional<String> from = fields.textOrNumber("from");
        if (from.isEmpty() || from.get().equals(COMMITTED)) {
            return new StartPosition.Latest();
        }
        return StartPosition.parse(from.get())
                .orElseThrow(() ->
                        fields.refusal("from", "invalid_position", "from is " + COMMITTED + ", " + StartPosition.RULE));
    }

    private static @Nullable Duration sessionTimeout(RequestFields fields) {
        OptionalLong millis = fields.number("session_timeout_ms", 1, Integer.MAX_VALUE);
        return millis.isEmpty() ? null : Duration.ofMillis(millis.getAsLong());
    }

    private static @Nullable AssignorName assignor(RequestFields fields) {
        Optional<String> code = fields.text("assignor");
        if (code.isEmpty()) {
            return null;
        }
        return AssignorName.of(code.get())
                .orElseThrow(() -> fields.refusal(
                        "assignor",
                        "unknown_assignor",
                        "assignor is one of "
                                + Arrays.stream(AssignorName.values())
                                        .map(AssignorName::code)
                                        .collect(Collectors.joining(", "))));
    }

    /** What a member commits: positions with their {@link #OFFSET} fields, no partition twice. */
    public static List<OffsetCommit> offsets(List<? extends RequestFields> positions) {
        List<OffsetCommit> offsets = new ArrayList<>();
        Set<TopicPartition> named = new HashSet<>();
        for (RequestFields position : positions) {
            offsets.add(new OffsetCommit(
                    partition(position, named),
                    position.requiredNumber("next_offset", 0, Long.MAX_VALUE),
                    metadata(position),
                    position.number("epoch", 0, Long.MAX_VALUE)));
        }
        return offsets;
    }

    private static @Nullable String metadata(RequestFields position) {
        Optional<String> metadata = position.text("metadata");
        if (metadata.isPresent() && !OffsetCommit.isMetadata(metadata.get())) {
            throw position.refusal("metadata", "invalid_metadata", OffsetCommit.METADATA_RULE);
        }
        return metadata.orElse(null);
    }

    /**
     * A partition by the fields {@code topic} and {@code partition}.
     *
     * @param named those that the request has named before; this one is added to them
     */
    public static TopicPartition partition(RequestFields fields, Set<TopicPartition> named) {
        TopicPartition name = new TopicPartition(
                fields.requiredText("topic"), (int) fields.requiredNumber("partition", 0, Integer.MAX_VALUE));
        return fields.once(name, named);
    }
}
