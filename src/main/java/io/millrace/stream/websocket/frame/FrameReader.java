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
 * Reads one frame from a client. Its {@link #ref} and {@link #id} are available even if the rest of the frame is wrong,
 * so that the error can carry them.
 */
public final class FrameReader {

    /** Topics or partitions named in one frame: fewer than in an HTTP request, as many frames may wait. */
    public static final int MOST_NAMED = StartPositions.MOST_NAMED;

    /** A bound on counted credits, beyond what any client waits for. */
    public static final long MOST_CREDITS = 1_000_000_000_000L;

    private static final String UNKNOWN_TYPE = "unknown frame type; openapi/asyncapi.yaml lists the types";

    /** Several times the tokens of the largest frame other than produce; each takes up to 50 bytes of a tree. */
    private static final int MAX_TOKENS = 50_000;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Set<String> SUBSCRIBE_GROUP = known(JoinTerms.FIELDS, "group", "credits");
    /** With {@code group} and {@code partitions}, as null counts as absent. */
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

    /** The fields of a frame: the common ones and its own. */
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

    /** The frame's subscription, if it names one. */
    @Nullable
    public String id() {
        return peek("id");
    }

    /** A field, if it is a string that may be repeated to the client. */
    private @Nullable String peek(String field) {
        JsonNode node = frame == null ? null : frame.get(field);
        return node != null && node.isString() && ClientName.isValid(node.stringValue()) ? node.stringValue() : null;
    }

    /** @throws HubException if the frame is not valid, with the location of the error */
    public ClientFrame read(byte[] text, int length) {
        String type = RecordParser.frameType(text, 0, length);
        JsonNode read = tree(text, length);
        frame = read;
        return read(type, read);
    }

    /** Looks for {@code ref} and {@code id} in a frame that another reader has found wrong. */
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
            // The scanner has checked that it is JSON: it repeats a field, or exceeds a limit of Jackson's.
            throw new HubException(
                    HubError.MALFORMED_JSON, "the frame repeats a field, is nested too deeply or has too many values");
        }
    }

    private static ClientFrame read(String type, JsonNode frame) {
        return switch (type) {
            case "subscribe" -> subscribe(frame);
            case "permit" -> {
                JsonFields in = fields(frame, PERMIT);
                yield new ClientFrame.Permit(id(in), in.requiredNumber("records", 1, MOST_CREDITS));
            }
            case "seek" -> {
                JsonFields in = fields(frame, PARTITIONS);
                yield new ClientFrame.Seek(id(in), positions(in, POSITION));
            }
            case "pause" -> {
                JsonFields in = fields(frame, PARTITIONS);
                yield new ClientFrame.Pause(id(in), partitions(in));
            }
            case "resume" -> {
                JsonFields in = fields(frame, PARTITIONS);
                yield new ClientFrame.Resume(id(in), partitions(in));
            }
            case "unsubscribe" -> new ClientFrame.Unsubscribe(id(fields(frame, UNSUBSCRIBE)));
            case "commit" -> {
                JsonFields in = fields(frame, COMMIT);
                yield new ClientFrame.Commit(
                        id(in), GroupRequests.offsets(in.requiredObjects("offsets", GroupRequests.OFFSET, MOST_NAMED)));
            }
            default ->
                throw new HubException(HubError.INVALID_REQUEST, Place.field("type"), "unknown_type", UNKNOWN_TYPE);
        };
    }

    private static JsonFields fields(JsonNode frame, Set<String> known) {
        JsonFields in = JsonFields.of(frame, known);
        if (in.has("ref")) {
            name(in, "ref");
        }
        return in;
    }

    private static ClientFrame subscribe(JsonNode frame) {
        if (frame.hasNonNull("group")) {
            JsonFields in = fields(frame, SUBSCRIBE_GROUP);
            return new ClientFrame.SubscribeGroup(
                    id(in), JoinTerms.of(in.requiredText("group"), MemberProtocol.WEBSOCKET, in), credits(in));
        }
        if (frame.hasNonNull("partitions")) {
            JsonFields in = fields(frame, SUBSCRIBE_PARTITIONS);
            return new ClientFrame.SubscribePartitions(
                    id(in), in.requiredText("topic"), positions(in, POSITION_OF_TOPIC), credits(in));
        }
        JsonFields in = fields(frame, SUBSCRIBE_TOPICS);
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
    private static String name(JsonFields in, String field) {
        String text = in.requiredText(field);
        if (!ClientName.isValid(text)) {
            throw in.refusal(field, "out_of_range", field + " has " + ClientName.RULE);
        }
        return text;
    }
}
