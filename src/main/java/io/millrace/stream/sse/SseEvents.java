package io.millrace.stream.sse;

import io.millrace.codec.BatchRendering;
import io.millrace.consume.RevokedReason;
import io.millrace.cursor.CursorWriter;
import io.millrace.edge.Problems;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.RecordBatch;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.json.JsonBuffer;
import io.millrace.stream.PartitionJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events of one stream. Each id counts its own record as read: a client resumes after the event that it saw
 * last.
 */
final class SseEvents {

    private static final byte[] RECORD = JsonBuffer.ascii("event: record\nid: ");
    private static final byte[] GROUP_RECORD = JsonBuffer.ascii("event: record\ndata: ");
    private static final byte[] DATA = JsonBuffer.ascii("\ndata: ");
    private static final byte[] END = JsonBuffer.ascii("\n\n");
    private static final byte[] COMMENT = JsonBuffer.ascii(":\n\n");

    /** At most what a record's cursor adds to the beginning that all of a chunk share. */
    private static final int STEP_BYTES = 32;

    private final String topic;
    private final StreamPosition position;
    private int cursorLength;
    private final Map<Integer, byte[]> openings = new LinkedHashMap<>();

    SseEvents(String topic, StreamPosition position) {
        this.topic = topic;
        this.position = position;
    }

    static void retry(JsonBuffer out, Duration retry) {
        out.literal("retry: ").number(retry.toMillis()).raw(END);
    }

    static void comment(JsonBuffer out) {
        out.raw(COMMENT);
    }

    /** One event for each record. */
    void records(JsonBuffer out, int partition, Fetched records) {
        CursorWriter.Beginning cursor = position.beginning();
        cursorLength = cursor.text().length + STEP_BYTES;
        byte[] opening = openings.computeIfAbsent(partition, this::opening);
        for (RecordBatch batch : records.batches()) {
            BatchRendering rendering = BatchRendering.of(batch);
            int past = batch.indexOf(records.nextOffset());
            for (int i = batch.indexOf(records.fromOffset()); i < past; i++) {
                byte[] rest = StreamPosition.rest(cursor, partition, batch.offset(i) + 1);
                out.raw(RECORD).raw(cursor.text()).ascii('.').raw(rest).raw(DATA);
                rendering.writeLine(out, opening, i);
                out.raw(END);
            }
        }
        position.moved(partition, records.nextOffset());
    }

    void assigned(JsonBuffer out, Map<TopicPartition, Long> positions) {
        JsonBuffer data = new JsonBuffer();
        data.literal("{\"type\":\"assigned\",\"partitions\":");
        PartitionJson.positions(data, positions);
        control(out, cursor(), data.ascii('}'));
    }

    /**
     * Tells that the stream continues at other offsets than the client expects.
     *
     * @param withId whether a client that reconnects should continue after the gap
     */
    void reset(JsonBuffer out, String reason, Map<TopicPartition, Long> positions, boolean withId) {
        JsonBuffer data = reset(reason);
        PartitionJson.positions(data, positions);
        control(out, withId ? cursor() : null, data.ascii('}'));
    }

    /** As above, of one partition. */
    void reset(JsonBuffer out, Delivery.Reset reset, boolean withId) {
        reset(out, reset, withId ? cursor() : null);
    }

    /** Tells a group's member, without an id. */
    static void reset(JsonBuffer out, Delivery.Reset reset) {
        reset(out, reset, null);
    }

    private static void reset(JsonBuffer out, Delivery.Reset reset, byte @Nullable [] id) {
        JsonBuffer data = reset(reset.reason());
        data.literal("[{");
        PartitionJson.reset(data, reset);
        control(out, id, data.literal("}]}"));
    }

    private static JsonBuffer reset(String reason) {
        return new JsonBuffer()
                .literal("{\"type\":\"reset\",\"reason\":")
                .string(reason)
                .literal(",\"partitions\":");
    }

    void revoked(JsonBuffer out) {
        revoked(out, new ArrayList<>(position.positions().keySet()), RevokedReason.TOPIC_DELETED);
    }

    static void revoked(JsonBuffer out, List<TopicPartition> partitions, RevokedReason reason) {
        JsonBuffer data = new JsonBuffer();
        data.literal("{\"type\":\"revoked\",\"partitions\":");
        PartitionJson.partitions(data, partitions);
        data.literal(",\"reason\":").string(reason.code());
        control(out, null, data.ascii('}'));
    }

    /** The partitions that a group has assigned to its member. */
    static void assigned(JsonBuffer out, String memberId, long epoch, Map<TopicPartition, Long> positions) {
        JsonBuffer data = new JsonBuffer();
        data.literal("{\"type\":\"assigned\",\"member_id\":").string(memberId);
        data.literal(",\"epoch\":").number(epoch);
        data.literal(",\"partitions\":");
        PartitionJson.positions(data, positions);
        control(out, null, data.ascii('}'));
    }

    /** One event for each record of a group's member, without an id: the group keeps the position. */
    static void records(JsonBuffer out, Delivery.Records delivery, long epoch) {
        JsonBuffer opening = new JsonBuffer(96).ascii('{');
        PartitionJson.partition(opening, delivery.partition());
        opening.literal(",\"epoch\":").number(epoch).ascii(',');
        byte[] start = opening.toByteArray();
        delivery.records().forEach((batch, index) -> {
            out.raw(GROUP_RECORD);
            BatchRendering.of(batch).writeLine(out, start, index);
            out.raw(END);
        });
    }

    static void draining(JsonBuffer out) {
        control(out, null, new JsonBuffer(64).literal("{\"type\":\"draining\"}"));
    }

    static void failed(JsonBuffer out, io.millrace.event.HubException failure) {
        JsonBuffer data = new JsonBuffer();
        data.literal("{\"type\":\"error\",\"problem\":");
        Problems.write(data, failure, null);
        control(out, null, data.ascii('}'));
    }

    private static void control(JsonBuffer out, byte @Nullable [] id, JsonBuffer data) {
        out.literal("event: control\n");
        if (id != null) {
            out.literal("id: ").raw(id).ascii('\n');
        }
        out.literal("data: ").raw(data.array(), 0, data.length()).raw(END);
    }

    private byte[] cursor() {
        byte[] cursor = position.cursor();
        cursorLength = cursor.length + STEP_BYTES;
        return cursor;
    }

    /** The length of the last id, estimated from above. */
    int cursorLength() {
        return cursorLength;
    }

    private byte[] opening(int partition) {
        JsonBuffer opening = new JsonBuffer(64 + topic.length()).ascii('{');
        return PartitionJson.partition(opening, new TopicPartition(topic, partition))
                .ascii(',')
                .toByteArray();
    }
}
