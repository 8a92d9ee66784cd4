package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.Violation;
import io.millrace.json.RecordParser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
        ClientFrame read = members.has("group") ? unsupportedGroup() : read(type, members);
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
        if (in.has("partitions")) {
            return new ClientFrame.SubscribePartitions(id, in.text("topic"), positions(in, false), credits);
        }
        List<JsonNode> nodes = in.array("topics", MOST_NAMED);
        LinkedHashSet<String> topics = new LinkedHashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            if (!node.isString() || !topics.add(node.stringValue())) {
                throw wrong("#/topics/" + i, "invalid_topic", "topics are strings, each given once");
            }
        }
        StartPosition from = in.has("from") ? from(in) : new StartPosition.Latest();
        return new ClientFrame.SubscribeTopics(id, List.copyOf(topics), from, credits);
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
        in.allow("offsets");
        return new ClientFrame.Commit(in.name("id"));
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

    private static ClientFrame unsupportedGroup() {
        throw new HubException(
                HubError.UNSUPPORTED_FEATURE,
                "consumer groups are not offered yet",
                new Violation("#/group", "unsupported_feature", "leave it out"));
    }

    static HubException wrong(String pointer, String code, String detail) {
        return new HubException(HubError.INVALID_REQUEST, detail, new Violation(pointer, code, detail));
    }
}
