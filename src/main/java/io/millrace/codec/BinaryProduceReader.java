package io.millrace.codec;

import io.millrace.event.Acks;
import io.millrace.event.ClientName;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.Place;
import io.millrace.event.RecordFormat;
import io.millrace.event.RecordLimits;
import io.millrace.json.Utf8;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client's binary produce frame:
 *
 * <pre>
 * i8 kind = 1 | i8 acks: 0, 1, or -1 for all | string ref, empty for none | string topic | i32 count of records, each:
 *   i32 partition, or -1 | i64 timestamp, or -1 | i8 format | bytes key | bytes value | bytes headers
 * </pre>
 *
 * The rules for records are those of JSON (see {@link RecordParser}): a value whose format is JSON must be JSON,
 * strings must be UTF-8, headers are the JSON array. For one frame and one thread.
 */
public final class BinaryProduceReader {

    private static final int NONE = -1;

    private static final byte KNOWN_FORMAT_BITS = 7;

    /** The length of a record without key, value and headers, which bounds how many a frame can hold. */
    private static final int LEAST_RECORD_BYTES = Integer.BYTES + Long.BYTES + 1 + 3 * Integer.BYTES;

    private final ByteBuffer in;
    private final RecordLimits limits;
    private final ValueReader values;
    private @Nullable String ref;

    /** The field of the frame that is being read, for refusals. */
    private Place place = Place.WHOLE;

    /** The record that is being read, for refusals; {@link #NONE} outside of records. */
    private int record = NONE;

    /** @param frame not changed while it is read, and not held after it */
    public BinaryProduceReader(byte[] frame, int length, RecordLimits limits) {
        this.in = ByteBuffer.wrap(frame, 0, length);
        this.limits = limits;
        this.values = new ValueReader(frame);
    }

    /** The frame's {@code ref}, for its answer; null if it has none, or was not read that far. */
    public @Nullable String ref() {
        return ref;
    }

    /**
     * Reads the whole frame.
     *
     * @throws HubException as {@link RecordParser} does, or {@link HubError#INVALID_REQUEST} for a frame of another
     *     kind, one that is truncated or has bytes after its records
     */
    public ProduceFrame read() {
        try {
            return frame();
        } catch (BufferUnderflowException end) {
            throw refusal(HubError.INVALID_REQUEST, "truncated", "the frame is truncated");
        }
    }

    private ProduceFrame frame() {
        if (in.get() != FrameKind.PRODUCE) {
            throw refusal(HubError.INVALID_REQUEST, "unexpected_type", "clients send binary frames of kind 1 only");
        }
        byte acksCode = in.get();
        place = Place.field("ref");
        ref = name();
        place = Place.field("topic");
        String topic = string();
        place = Place.field("acks");
        Acks acks = acks(acksCode);
        place = Place.field("records");
        List<NewRecord> records = records();
        if (in.hasRemaining()) {
            place = Place.WHOLE;
            throw refusal(HubError.INVALID_REQUEST, "trailing_bytes", in.remaining() + " bytes follow the records");
        }
        return new ProduceFrame(ref, topic, acks, records);
    }

    private @Nullable String name() {
        String given = string();
        if (!given.isEmpty() && !ClientName.isValid(given)) {
            throw refusal(HubError.INVALID_REQUEST, "out_of_range", "ref has " + ClientName.RULE + ", or none at all");
        }
        return given.isEmpty() ? null : given;
    }

    private Acks acks(byte code) {
        return switch (code) {
            case 0 -> Acks.NONE;
            case 1 -> Acks.LEADER;
            case -1 -> Acks.parse("all");
            default -> throw refusal(HubError.INVALID_REQUEST, "out_of_range", "acks must be 0, 1, or -1 for all");
        };
    }

    private List<NewRecord> records() {
        int count = in.getInt();
        if (count < 1) {
            throw refusal(HubError.INVALID_REQUEST, "empty", "a request must have at least one record");
        }
        limits.checkCount(count, this::refusal);
        List<NewRecord> records = new ArrayList<>(Math.min(count, in.remaining() / LEAST_RECORD_BYTES));
        for (int i = 0; i < count; i++) {
            record = i;
            records.add(record(i));
        }
        record = NONE;
        return records;
    }

    private NewRecord record(int index) {
        int partition = in.getInt();
        if (partition < NewRecord.ANY_PARTITION) {
            throw refusal(HubError.INVALID_RECORD, "out_of_range", "a partition must be at least 0, or -1");
        }
        long timestamp = in.getLong();
        if (timestamp < NewRecord.NO_TIMESTAMP || timestamp > RecordParser.MAX_TIMESTAMP) {
            throw refusal(
                    HubError.INVALID_RECORD,
                    "out_of_range",
                    "a timestamp must be from 0 to " + RecordParser.MAX_TIMESTAMP + ", or -1");
        }
        byte format = in.get();
        if ((format & ~KNOWN_FORMAT_BITS) != 0 || RecordFormat.value(format) > RecordFormat.VALUE_BINARY) {
            throw refusal(HubError.INVALID_RECORD, "unknown_format", "unknown format " + format);
        }
        byte @Nullable [] key = key(format);
        byte @Nullable [] value = value(index, format);
        byte @Nullable [] headers = headers(index);
        NewRecord record = new NewRecord(partition, timestamp, key, value, headers, stored(format, key, value));
        limits.checkSize(record, this::refusal);
        return record;
    }

    private byte @Nullable [] key(byte format) {
        int length = length();
        if (length < 0) {
            return null;
        }
        if (!RecordFormat.binaryKey(format)) {
            checkUtf8(length, "invalid_key", "the key is not UTF-8");
        }
        return slice(length);
    }

    private byte @Nullable [] value(int index, byte format) {
        int length = length();
        if (length < 0) {
            return null;
        }
        switch (RecordFormat.value(format)) {
            case RecordFormat.VALUE_JSON -> {
                int from = in.position();
                in.position(from + length);
                return values.read(from, length, index);
            }
            case RecordFormat.VALUE_TEXT -> checkUtf8(length, "invalid_value", "the value is not UTF-8");
            default -> {
                // Binary: any bytes are valid.
            }
        }
        return slice(length);
    }

    private byte @Nullable [] headers(int index) {
        int length = length();
        if (length < 0) {
            return null;
        }
        int from = in.position();
        in.position(from + length);
        return RecordParser.parseHeaders(in.array(), from, length, index, limits);
    }

    /** The format as stored: the bits of an absent key or value are 0. */
    private static byte stored(byte format, byte @Nullable [] key, byte @Nullable [] value) {
        int keyBits = key == null ? 0 : format & RecordFormat.KEY_BINARY;
        int valueBits = value == null ? 0 : RecordFormat.value(format);
        return (byte) (keyBits | valueBits);
    }

    private String string() {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        checkUtf8(length, "invalid_string", "the string is not UTF-8");
        return new String(slice(length), StandardCharsets.UTF_8);
    }

    /** Reads a length that fits the rest of the frame; -1 for null. */
    private int length() {
        int length = in.getInt();
        if (length < -1) {
            throw refusal(HubError.INVALID_RECORD, "invalid_length", "a length must be at least -1, not " + length);
        }
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return length;
    }

    private void checkUtf8(int length, String code, String detail) {
        if (!Utf8.isValid(in.array(), in.position(), length)) {
            throw refusal(record == NONE ? HubError.INVALID_REQUEST : HubError.INVALID_RECORD, code, detail);
        }
    }

    private byte[] slice(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private HubException refusal(HubError error, String code, String detail) {
        Place wrong = record == NONE ? place : Place.record(record);
        String where = detail + ", at byte offset " + in.position();
        return new HubException(error, wrong, code, where);
    }
}
