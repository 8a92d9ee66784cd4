package io.millrace.codec;

import io.millrace.event.RecordFormat;
import io.millrace.eventlog.RecordBatch;
import io.millrace.json.JsonBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes stored records as JSON objects, each in the form in which it was produced:
 *
 * <pre>
 * {"offset":42,"timestamp":1700000000000,"key":"a","value":{…},"headers":[…]}
 * </pre>
 *
 * A binary key is {@code "key_base64"} instead of {@code "key"}, a binary value {@code "value_base64"}; an absent key
 * and a tombstone's value are {@code null}; without headers the array is empty. A JSON value is written byte for byte.
 * Immutable; shared by threads, each with its own buffer.
 */
public final class RecordWriter {

    /** An estimate of a record's names, offset, timestamp and punctuation, so that a buffer need not grow. */
    public static final int OVERHEAD_BYTES = 100;

    private static final byte[] OFFSET = JsonBuffer.ascii("{\"offset\":");
    private static final byte[] TIMESTAMP = JsonBuffer.ascii(",\"timestamp\":");
    private static final byte[] KEY = JsonBuffer.ascii(",\"key\":");
    private static final byte[] KEY_BASE64 = JsonBuffer.ascii(",\"key_base64\":");
    private static final byte[] VALUE = JsonBuffer.ascii(",\"value\":");
    private static final byte[] VALUE_BASE64 = JsonBuffer.ascii(",\"value_base64\":");
    private static final byte[] HEADERS = JsonBuffer.ascii(",\"headers\":");
    private static final byte[] NO_HEADERS = JsonBuffer.ascii(",\"headers\":[]}");

    private static final RecordWriter PLAIN = new RecordWriter(OFFSET, false);

    private final byte[] start;
    private final boolean singleLine;

    private RecordWriter(byte[] start, boolean singleLine) {
        this.start = start;
        this.singleLine = singleLine;
    }

    /** Writes records that start with their offset. */
    public static RecordWriter plain() {
        return PLAIN;
    }

    /**
     * Writes records that start with {@code "topic"} and {@code "partition"}; worth keeping for a partition's batch.
     */
    public static RecordWriter of(String topic, int partition) {
        JsonBuffer start = new JsonBuffer(64 + topic.length());
        start.raw(JsonBuffer.ascii("{\"topic\":")).string(topic);
        start.raw(JsonBuffer.ascii(",\"partition\":")).number(partition);
        start.raw(JsonBuffer.ascii(",")).raw(OFFSET, 1, OFFSET.length - 1);
        return new RecordWriter(start.toByteArray(), false);
    }

    /**
     * The same, but with each record on one line, as NDJSON and SSE need: line breaks within a JSON value, which can
     * only be between its tokens, are written as spaces.
     */
    public RecordWriter singleLine() {
        return singleLine ? this : new RecordWriter(start, true);
    }

    /** Appends one record of a batch. */
    public void write(JsonBuffer out, RecordBatch batch, int index) {
        write(
                out,
                batch.offset(index),
                batch.timestamp(index),
                batch.key(index),
                batch.value(index),
                batch.headers(index),
                batch.format(index));
    }

    /** Appends one record; the arguments are as in {@link io.millrace.event.NewRecord}. */
    void write(
            JsonBuffer out,
            long offset,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            byte @Nullable [] headers,
            byte format) {
        out.raw(start).number(offset).raw(TIMESTAMP).number(timestamp);
        writeKey(out, key, format);
        writeValue(out, value, format);
        if (headers == null) {
            out.raw(NO_HEADERS);
        } else {
            out.raw(HEADERS).raw(headers).ascii('}');
        }
    }

    static void writeKey(JsonBuffer out, byte @Nullable [] key, byte format) {
        if (key == null) {
            out.raw(KEY).nil();
        } else if (RecordFormat.binaryKey(format)) {
            out.raw(KEY_BASE64).base64(key);
        } else {
            out.raw(KEY).string(key);
        }
    }

    void writeValue(JsonBuffer out, byte @Nullable [] value, byte format) {
        if (value == null) {
            out.raw(VALUE).nil();
            return;
        }
        switch (RecordFormat.value(format)) {
            case RecordFormat.VALUE_TEXT -> out.raw(VALUE).string(value);
            case RecordFormat.VALUE_BINARY -> out.raw(VALUE_BASE64).base64(value);
            default -> writeJson(out, value);
        }
    }

    private void writeJson(JsonBuffer out, byte[] value) {
        out.raw(VALUE);
        int from = out.length();
        out.raw(value);
        if (singleLine) {
            out.joinLines(from);
        }
    }
}
