package io.millrace.codec;

import io.millrace.event.Acks;
import io.millrace.event.NewRecord;
import io.millrace.json.JsonBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes records as clients send them, which {@link RecordParser} and {@link BinaryProduceReader} read. */
public final class NewRecordWriter {

    private static final int FIXED_BYTES = Integer.BYTES + Long.BYTES + 1 + 3 * Integer.BYTES;
    private static final int NULL = -1;

    private NewRecordWriter() {}

    /** The body of a request, as JSON. */
    public static byte[] document(List<NewRecord> records) {
        JsonBuffer out = new JsonBuffer().literal("{\"records\":");
        array(out, records);
        return out.ascii('}').toByteArray();
    }

    /** The body of a request, as NDJSON. */
    public static byte[] lines(List<NewRecord> records) {
        JsonBuffer out = new JsonBuffer();
        for (NewRecord record : records) {
            object(out, record);
            out.ascii('\n');
        }
        return out.toByteArray();
    }

    /** A produce frame as JSON text. */
    public static byte[] text(@Nullable String ref, String topic, Acks acks, List<NewRecord> records) {
        JsonBuffer out = new JsonBuffer().literal("{\"type\":\"produce\"");
        if (ref != null) {
            out.literal(",\"ref\":").string(ref);
        }
        out.literal(",\"topic\":").string(topic);
        out.literal(",\"acks\":").string(acks.parameter()).literal(",\"records\":");
        array(out, records);
        return out.ascii('}').toByteArray();
    }

    /** Appends a JSON array of records. */
    public static void array(JsonBuffer out, List<NewRecord> records) {
        char before = '[';
        for (NewRecord record : records) {
            object(out.ascii(before), record);
            before = ',';
        }
        out.ascii(']');
    }

    /** The comma before its first field is overwritten with the opening brace. */
    private static void object(JsonBuffer out, NewRecord record) {
        int from = out.length();
        if (record.key() != null) {
            RecordWriter.writeKey(out, record.key(), record.format());
        }
        RecordWriter.plain().writeValue(out, record.value(), record.format());
        if (record.headers() != null) {
            out.literal(",\"headers\":").raw(record.headers());
        }
        if (record.partition() != NewRecord.ANY_PARTITION) {
            out.literal(",\"partition\":").number(record.partition());
        }
        if (record.timestamp() != NewRecord.NO_TIMESTAMP) {
            out.literal(",\"timestamp\":").number(record.timestamp());
        }
        out.array()[from] = '{';
        out.ascii('}');
    }

    /** A binary produce frame, as {@link BinaryProduceReader} describes it. */
    public static byte[] frame(@Nullable String ref, String topic, Acks acks, List<NewRecord> records) {
        byte[] name = utf8(ref == null ? "" : ref);
        byte[] to = utf8(topic);
        int size = 2 + 2 * Short.BYTES + name.length + to.length + Integer.BYTES;
        for (NewRecord record : records) {
            size = Math.addExact(size, FIXED_BYTES + record.size());
        }
        ByteBuffer out = ByteBuffer.allocate(size).put(FrameKind.PRODUCE).put(code(acks));
        out.putShort((short) name.length).put(name);
        out.putShort((short) to.length).put(to).putInt(records.size());
        for (NewRecord record : records) {
            out.putInt(record.partition()).putLong(record.timestamp()).put(record.format());
            bytes(out, record.key());
            bytes(out, record.value());
            bytes(out, record.headers());
        }
        return out.array();
    }

    private static byte code(Acks acks) {
        return switch (acks) {
            case NONE -> 0;
            case LEADER -> 1;
            case ALL -> -1;
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void bytes(ByteBuffer out, byte @Nullable [] bytes) {
        if (bytes == null) {
            out.putInt(NULL);
        } else {
            out.putInt(bytes.length).put(bytes);
        }
    }
}
