package io.millrace.client.message;

import io.millrace.codec.BinaryFrameReader;
import io.millrace.codec.PageReader;
import io.millrace.event.TopicPartition;
import io.millrace.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Parses bytes into frames. Malformed input throws a {@link RuntimeException}, whose type depends on the parser that
 * found the error. Pure functions.
 */
public final class FrameParser {

    /**
     * A hub writes the type first. If one does not, records are still recognised, but only after parsing the whole
     * frame.
     */
    private static final byte[] RECORDS = JsonBuffer.ascii("{\"type\":\"records\"");

    private FrameParser() {}

    /** A text frame. */
    public static Frame text(byte[] json) {
        if (Arrays.mismatch(json, RECORDS) == RECORDS.length) {
            return new Frame.Records(PageReader.page(json));
        }
        JsonNode frame = Json.MAPPER.readTree(json);
        return frame.path("type").asString("").equals("records")
                ? new Frame.Records(PageReader.page(json))
                : control(frame);
    }

    /** A binary frame. */
    public static Frame binary(byte[] frame) {
        BinaryFrameReader reader = new BinaryFrameReader(frame);
        if (reader.holdsRecords()) {
            return new Frame.Records(reader.records());
        }
        BinaryFrameReader.Produced produced = reader.produced();
        List<ProduceResult.StoredAt> results = new ArrayList<>();
        for (int i = 0; i < produced.offsets().length; i++) {
            results.add(new ProduceResult.StoredAt(produced.partitions()[i], produced.offsets()[i]));
        }
        return new Frame.Produced(produced.ref(), new ProduceResult(results));
    }

    /** An event. */
    public static Frame event(ServerSentEvents.Event event) {
        byte[] data = event.data().getBytes(StandardCharsets.UTF_8);
        return event.name().equals("record")
                ? new Frame.Records(PageReader.line(data))
                : control(Json.MAPPER.readTree(data));
    }

    private static Frame control(JsonNode frame) {
        if (!frame.isObject()) {
            throw new IllegalArgumentException("a frame must be a JSON object");
        }
        String id = text(frame, "id");
        String ref = text(frame, "ref");
        return switch (text(frame, "type")) {
            case "assigned" ->
                new Frame.Assigned(
                        id, text(frame, "member_id"), frame.path("epoch").asLong(0), positions(frame));
            case "reset" -> new Frame.Reset(id, text(frame, "reason"), positions(frame));
            case "revoked" -> new Frame.Revoked(id, text(frame, "reason"), partitions(frame));
            case "committed" -> new Frame.Committed(ref);
            case "produced" -> new Frame.Produced(ref, Json.MAPPER.treeToValue(frame, ProduceResult.class));
            case "error" -> new Frame.Error(id, ref, Problem.of(frame.path("problem")));
            case "draining" -> new Frame.Draining();
            default -> new Frame.Unknown(frame);
        };
    }

    /** The frame's list of positions, or the single position that the frame itself is. */
    private static List<Position> positions(JsonNode frame) {
        List<Position> positions = new ArrayList<>();
        for (JsonNode position : frame.has("partitions") ? frame.path("partitions") : List.of(frame)) {
            positions.add(Json.MAPPER.treeToValue(position, Position.class));
        }
        return positions;
    }

    private static List<TopicPartition> partitions(JsonNode frame) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (JsonNode partition : frame.path("partitions")) {
            partitions.add(Json.MAPPER.treeToValue(partition, TopicPartition.class));
        }
        return partitions;
    }

    private static String text(JsonNode frame, String name) {
        return frame.path(name).asString("");
    }
}
