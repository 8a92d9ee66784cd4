package io.millrace.stream.websocket.frame;

import io.millrace.codec.RecordParser;
import io.millrace.consume.GroupRequests;
import io.millrace.consume.JoinTerms;
import io.millrace.consume.StartPositions;
import io.millrace.edge.JsonFields;
import io.millrace.event.ClientName;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.group.MemberProtocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one frame from a client. What names the frame, {@link #ref} and {@link #id}, can be asked for also when the
 * frame is wrong otherwise, so that the error can be told of the right one.
 */
public final class FrameReader {

    /** Topics or partitions named in one frame: fewer than in a request by HTTP, as many frames may wait. */
    public static final int MOST_NAMED = StartPositions.MOST_NAMED;

    /** Credits are counted; no client waits for more records than that. */
    public static final long MOST_CREDITS = 1_000_000_000_000L;

    private static final String UNKNOWN_TYPE = "there is no frame of this type; openapi/asyncapi.yaml lists them";

    /** Several times what the largest frame has that is no produce frame: a token costs a tree up to 50 bytes. */
    private static final int MOST_TOKENS = 50_000;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Set<String> SUBSCRIBE_GROUP = known(JoinTerms.FIELDS, "group", "credits");
    /** A group or partitions that are null are not given. */
    private static final Set<String> SUBSCRIBE_TOPICS =
            known(Set.of(), "topics", "from", "credits", "group", "partitions");

    private static final Set<String> SUBSCRIBE_PARTITIONS = known(Set.of(), "topic", "partitions", "credits", "group");
    private static final Set<String> PERMIT = known(Set.of(), "records");
    private static final Set<String> PARTITIONS = known(Set.of(), "partitions");
    private static final Set<String> UNSUBSCRIBE = known(Set.of());
    private static final Set<String> COMMIT = known(Set.of(), "offsets");

    private static final Set<String> PARTITION = Set.of("topic", "partition");
    private static final Set<String> POSITION = Set.of("topic", "partition", "next_offset");
    private static final Set<String> POSITION_OF_TOPIC = Set.of("partition", "next_offset");

    private @Nullable JsonNode frame;

    /** The members of a frame: those that all have, and its own. */
    private static Set<String> known(Set<String> own, String... more) {
        Set<String> known = new HashSet<>(own);
        known.addAll(List.of(more));
        known.addAll(List.of("type", "ref", "id"));
        return Set.copyOf(known);
    }

    /** The frame's {@code ref}, if it has one. */
    @Nullable
    public String ref() {
        return peek("ref");
    }

    /** The subscription that the frame is about, if it names one. */
    @Nullable
    public String id() {
        return peek("id");
    }

    /** A member if it is a string that may be repeated to the client. */
    private @Nullable String peek(String member) {
        JsonNode node = frame == null ? null : frame.get(member);
        return node != null && node.isString() && ClientName.isValid(node.stringValue()) ? node.stringValue() : null;
    }

    /** @throws HubException if the frame is not one that the protocol knows, with the place that is wrong */
    public ClientFrame read(byte[] text, int length) {
        String type = RecordParser.frameType(text, 0, length);
        JsonNode members = tree(text, length);
        frame = members;
        return read(type, members);
    }

    /** Looks for the names in a frame that another reader has found wrong. */
    public void readNames(byte[] text, int length) {
        try {
            RecordParser.frameType(text, 0, length);
            frame = tree(text, length);
        } catch (HubException alsoWrong) {
            frame = null;
        }
    }

    private static JsonNode tree(byte[] text, int length) {
        try {
            return JSON.readTree(text, 0, length);
        } catch (JacksonException wrong) {
            // It is JSON, that has been checked: what remains is a member given twice, or nesting beyond all reason.
            throw new HubException(
                    HubError.MALFORMED_JSON, "a member of the frame is given twice, nested too deep, or one too many");
        }
    }

    private static ClientFrame read(String type, JsonNode frame) {
        return switch (type) {
            case "subscribe" -> subscribe(frame);
            case "permit" -> {
                JsonFields in = members(frame, PERMIT);
                yield new ClientFrame.Permit(id(in), in.requiredNumber("records", 1, MOST_CREDITS));
            }
            case "seek" -> {
                JsonFields in = members(frame, PARTITIONS);
                yield new ClientFrame.Seek(id(in), positions(in, POSITION));
            }
            case "pause" -> {
                JsonFields in = members(frame, PARTITIONS);
                yield new ClientFrame.Pause(id(in), partitions(in));
            }
            case "resume" -> {
                JsonFields in = members(frame, PARTITIONS);
                yield new ClientFrame.Resume(id(in), partitions(in));
            }
            case "unsubscribe" -> new ClientFrame.Unsubscribe(id(members(frame, UNSUBSCRIBE)));
            case "commit" -> {
                JsonFields in = members(frame, COMMIT);
                yield new ClientFrame.Commit(
                        id(in), GroupRequests.offsets(in.requiredObjects("offsets", GroupRequests.OFFSET, MOST_NAMED)));
            }
            default ->
                throw new HubException(HubError.INVALID_REQUEST, Place.field("type"), "unknown_type", UNKNOWN_TYPE);
        };
    }

    private static JsonFields members(JsonNode frame, Set<String> known) {
        JsonFields in = JsonFields.of(frame, known);
        if (in.has("ref")) {
            name(in, "ref");
        }
        return in;
    }

    private static ClientFrame subscribe(JsonNode frame) {
        if (frame.hasNonNull("group")) {
            JsonFields in = members(frame, SUBSCRIBE_GROUP);
            return new ClientFrame.SubscribeGroup(
                    id(in), JoinTerms.of(in.requiredText("group"), MemberProtocol.WEBSOCKET, in), credits(in));
        }
        if (frame.hasNonNull("partitions")) {
            JsonFields in = members(frame, SUBSCRIBE_PARTITIONS);
            return new ClientFrame.SubscribePartitions(
                    id(in), in.requiredText("topic"), positions(in, POSITION_OF_TOPIC), credits(in));
        }
        JsonFields in = members(frame, SUBSCRIBE_TOPICS);
        String id = id(in);
        long credits = credits(in);
        List<String> topics = in.texts("topics", MOST_NAMED);
        if (topics.isEmpty()) {
            throw in.required("topics");
        }
        return new ClientFrame.SubscribeTopics(id, topics, StartPositions.from(in), credits);
    }

    private static long credits(JsonFields in) {
        return in.requiredNumber("credits", 0, MOST_CREDITS);
    }

    private static List<ClientFrame.Position> positions(JsonFields in, Set<String> known) {
        List<ClientFrame.Position> positions = new ArrayList<>();
        Set<ClientFrame.PartitionName> named = new HashSet<>();
        for (JsonFields element : in.requiredObjects("partitions", known, MOST_NAMED)) {
            positions.add(new ClientFrame.Position(
                    partition(element, named), element.requiredNumber("next_offset", 0, Long.MAX_VALUE)));
        }
        return positions;
    }

    private static List<ClientFrame.PartitionName> partitions(JsonFields in) {
        Set<ClientFrame.PartitionName> named = new LinkedHashSet<>();
        in.objects("partitions", PARTITION, MOST_NAMED).forEach(element -> partition(element, named));
        return List.copyOf(named);
    }

    private static ClientFrame.PartitionName partition(JsonFields in, Set<ClientFrame.PartitionName> named) {
        ClientFrame.PartitionName name = new ClientFrame.PartitionName(
                in.text("topic").orElse(null), (int) in.requiredNumber("partition", 0, Integer.MAX_VALUE));
        return in.once(name, named);
    }

    private static String id(JsonFields in) {
        return name(in, "id");
    }

    /** A name that the client has chosen. */
    private static String name(JsonFields in, String member) {
        String text = in.requiredText(member);
        if (!ClientName.isValid(text)) {
            throw in.refusal(member, "out_of_range", member + " has " + ClientName.RULE);
        }
        return text;
    }
}
