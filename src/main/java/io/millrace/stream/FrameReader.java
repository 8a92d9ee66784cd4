package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.event.Violation;
import io.millrace.group.AssignorName;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.group.OffsetCommit;
import io.millrace.json.RecordParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one frame from a client. What names the frame, {@link #ref} and {@link #id}, can be asked for also when the
 * frame is wrong otherwise, so that the error can be told of the right one.
 */
final class FrameReader {

    /** Subscriptions and requests are named by clients; the names are repeated in every frame. */
    static final int LONGEST_NAME = 64;

    /** Topics or partitions named in one frame. */
    static final int MOST_NAMED = 1000;

    /** Credits are counted; no client waits for more records than that. */
    static final long MOST_CREDITS = 1_000_000_000_000L;

    /** Where a group stands; where it has no offset yet, at the end. */
    static final String COMMITTED = "committed";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private @Nullable Members frame;

    /** The frame's {@code ref}, if it has one. */
    @Nullable
    String ref() {
        return frame == null ? null : frame.peekText("ref");
    }

    /** The subscription that the frame is about, if it names one. */
    @Nullable
    String id() {
        return frame == null ? null : frame.peekText("id");
    }

    /** @throws HubException if the frame is not one that the protocol knows, with the place that is wrong */
    ClientFrame read(byte[] text, int length) {
        String type = RecordParser.frameType(text, 0, length);
        Members members = tree(text, length);
        frame = members;
        members.peekText("type");
        members.allow("type");
        if (members.has("ref")) {
            members.name("ref");
        }
        ClientFrame read = read(type, members);
        members.checkAllKnown();
        return read;
    }

    /** Looks for the names in a frame that another reader has found wrong. */
    void readNames(byte[] text, int length) {
        try {
            RecordParser.frameType(text, 0, length);
            frame = tree(text, length);
        } catch (HubException alsoWrong) {
            frame = null;
        }
    }

    private static Members tree(byte[] text, int length) {
        try {
            return new Members(JSON.readTree(text, 0, length), "#");
        } catch (JacksonException wrong) {
            // It is JSON, that has been checked: what remains is a member given twice, or nesting beyond all reason.
            throw new HubException(HubError.MALFORMED_JSON, "a member of the frame is given twice or nested too deep");
        }
    }

    private static ClientFrame read(String type, Members in) {
        return switch (type) {
            case "subscribe" -> subscribe(in);
            case "permit" -> new ClientFrame.Permit(in.name("id"), in.number("records", 1, MOST_CREDITS));
            case "seek" -> new ClientFrame.Seek(in.name("id"), positions(in, true));
            case "pause" -> new ClientFrame.Pause(in.name("id"), partitions(in));
            case "resume" -> new ClientFrame.Resume(in.name("id"), partitions(in));
            case "unsubscribe" -> new ClientFrame.Unsubscribe(in.name("id"));
            case "commit" -> commit(in);
            default ->
                throw wrong(
                        "#/type", "unknown_type", "there is no frame of this type; openapi/asyncapi.yaml lists them");
        };
    }

    private static ClientFrame subscribe(Members in) {
        String id = in.name("id");
        long credits = in.number("credits", 0, MOST_CREDITS);
        if (in.has("group")) {
            return subscribeGroup(in, id, credits);
        }
        if (in.has("partitions")) {
            return new ClientFrame.SubscribePartitions(id, in.text("topic"), positions(in, false), credits);
        }
        StartPosition from = in.has("from") ? from(in) : new StartPosition.Latest();
        return new ClientFrame.SubscribeTopics(id, topics(in), from, credits);
    }

    private static List<String> topics(Members in) {
        List<JsonNode> nodes = in.array("topics", MOST_NAMED);
        LinkedHashSet<String> topics = new LinkedHashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            if (!node.isString() || !topics.add(node.stringValue())) {
                throw wrong("#/topics/" + i, "invalid_topic", "topics are strings, each given once");
            }
        }
        return List.copyOf(topics);
    }

    private static ClientFrame subscribeGroup(Members in, String id, long credits) {
        boolean committed = !in.has("from") || in.any("from").asString().equals(COMMITTED);
        JoinRequest request = new JoinRequest(
                in.text("group"),
                MemberProtocol.WEBSOCKET,
                topics(in),
                committed ? new StartPosition.Latest() : from(in),
                in.has("instance_id") ? in.name("instance_id") : null,
                in.has("session_timeout_ms")
                        ? Duration.ofMillis(in.number("session_timeout_ms", 1, Integer.MAX_VALUE))
                        : null,
                in.has("assignor") ? assignor(in) : null);
        return new ClientFrame.SubscribeGroup(id, request, autoCommit(in), credits);
    }

    private static AssignorName assignor(Members in) {
        return AssignorName.of(in.text("assignor"))
                .orElseThrow(
                        () -> wrong("#/assignor", "invalid_assignor", "assignors are sticky, range and round_robin"));
    }

    private static boolean autoCommit(Members in) {
        if (!in.has("commit")) {
            return false;
        }
        return switch (in.text("commit")) {
            case "auto" -> true;
            case "manual" -> false;
            default -> throw wrong("#/commit", "invalid_commit", "commit is manual or auto");
        };
    }

    private static StartPosition from(Members in) {
        JsonNode from = in.any("from");
        StartPosition position =
                from.isIntegralNumber() || from.isString() ? StartPositions.parse(from.asString()) : null;
        if (position == null) {
            throw wrong("#/from", "invalid_position", StartPositions.RULE);
        }
        return position;
    }

    private static ClientFrame commit(Members in) {
        List<OffsetCommit> offsets = new ArrayList<>();
        Set<TopicPartition> named = new HashSet<>();
        List<Members> elements = in.objects("offsets", MOST_NAMED);
        for (int i = 0; i < elements.size(); i++) {
            Members element = elements.get(i);
            TopicPartition partition =
                    new TopicPartition(element.text("topic"), (int) element.number("partition", 0, Integer.MAX_VALUE));
            if (!named.add(partition)) {
                throw wrong("#/offsets/" + i, "duplicate", "each partition is given once");
            }
            String metadata = element.has("metadata") ? element.text("metadata") : null;
            if (metadata != null && !OffsetCommit.isMetadata(metadata)) {
                throw wrong("#/offsets/" + i + "/metadata", "out_of_range", OffsetCommit.METADATA_RULE);
            }
            OptionalLong epoch = element.has("epoch")
                    ? OptionalLong.of(element.number("epoch", 0, Long.MAX_VALUE))
                    : OptionalLong.empty();
            offsets.add(
                    new OffsetCommit(partition, element.number("next_offset", 0, Long.MAX_VALUE - 1), metadata, epoch));
            element.checkAllKnown();
        }
        return new ClientFrame.Commit(in.name("id"), offsets);
    }

    private static List<ClientFrame.Position> positions(Members in, boolean withTopic) {
        List<ClientFrame.Position> positions = new ArrayList<>();
        for (Members element : in.objects("partitions", MOST_NAMED)) {
            ClientFrame.PartitionName name = partition(element, withTopic);
            positions.add(new ClientFrame.Position(name, element.number("next_offset", 0, Long.MAX_VALUE - 1)));
            element.checkAllKnown();
        }
        return positions;
    }

    private static List<ClientFrame.PartitionName> partitions(Members in) {
        List<ClientFrame.PartitionName> partitions = new ArrayList<>();
        if (in.has("partitions")) {
            for (Members element : in.objects("partitions", MOST_NAMED)) {
                partitions.add(partition(element, true));
                element.checkAllKnown();
            }
        }
        return partitions;
    }

    private static ClientFrame.PartitionName partition(Members in, boolean withTopic) {
        String topic = withTopic && in.has("topic") ? in.text("topic") : null;
        return new ClientFrame.PartitionName(topic, (int) in.number("partition", 0, Integer.MAX_VALUE));
    }

    static HubException wrong(String pointer, String code, String detail) {
        return new HubException(HubError.INVALID_REQUEST, detail, new Violation(pointer, code, detail));
    }
}
