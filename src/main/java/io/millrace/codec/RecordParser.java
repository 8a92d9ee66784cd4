package io.millrace.codec;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.event.StartPosition;
import io.millrace.json.JsonScanner;
import io.millrace.json.JsonSyntaxException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads records that clients send as JSON.
 *
 * <p>A record is an object of {@code key} (a string) or {@code key_base64}, {@code value} (any JSON, kept byte for byte
 * without the whitespace around it) or {@code value_base64}, {@code headers} (an array of {@code name} and
 * {@code value} or {@code value_base64}), {@code partition} and {@code timestamp} (milliseconds since the epoch). Each
 * may be absent or null; without a value the record is a tombstone. Headers are stored without whitespace and with the
 * fewest escapes.
 *
 * <p>The first error is thrown as a {@link HubException} with one violation that points to it:
 *
 * <ul>
 *   <li>{@link HubError#MALFORMED_JSON} with the field {@code byte_offset} (from the start of the body): not JSON, not
 *       UTF-8, nested more than 500 deep within a value, a number of more than 1000 characters
 *   <li>{@link HubError#INVALID_RECORD}, or {@link HubError#INVALID_REQUEST} outside of records: wrong types, unknown,
 *       repeated or missing fields
 *   <li>{@link HubError#RECORD_TOO_LARGE} and {@link HubError#REQUEST_TOO_LARGE}: more than {@link RecordLimits} allows
 * </ul>
 *
 * The body must not change during a call and is not held after it. Any thread may call.
 */
public final class RecordParser {

    /** The latest timestamp of a record. */
    public static final long MAX_TIMESTAMP = StartPosition.MAX_TIMESTAMP;

    private RecordParser() {}

    /** Reads {@code {"records":[…]}}: at least one record. */
    public static List<NewRecord> parseRequest(byte[] body, int offset, int length, RecordLimits limits) {
        JsonScanner scanner = scanner(body, offset, length);
        Location location = new Location(offset);
        try {
            return new EnvelopeReader(scanner, location).request(limits);
        } catch (JsonSyntaxException wrong) {
            throw location.malformed(wrong);
        }
    }

    /**
     * Reads a single record, such as a line of NDJSON.
     *
     * @param index the record's index in the request, for violations: {@code #/records/{index}}
     */
    public static NewRecord parseRecord(byte[] body, int offset, int length, int index, RecordLimits limits) {
        JsonScanner scanner = scanner(body, offset, length);
        Location location = new Location(offset);
        location.enterRecord(index);
        try {
            NewRecord record = new RecordReader(scanner, location, limits).one();
            scanner.end();
            return record;
        } catch (JsonSyntaxException wrong) {
            throw location.malformed(wrong);
        }
    }

    /**
     * Reads only a record's headers. In refusals the byte offset counts from the array's start.
     *
     * @param index as in {@link #parseRecord}
     * @return the headers as stored; null if there are none
     */
    public static byte @Nullable [] parseHeaders(byte[] body, int offset, int length, int index, RecordLimits limits) {
        JsonScanner scanner = scanner(body, offset, length);
        Location location = new Location(0);
        location.enterRecord(index);
        try {
            return new RecordReader(scanner, location, limits).headers();
        } catch (JsonSyntaxException wrong) {
            throw location.malformed(wrong);
        }
    }

    /** Reads {@code {"type":"produce","ref":"10","topic":"orders","acks":"all","records":[…]}}, in any order. */
    public static ProduceFrame parseProduceFrame(byte[] body, int offset, int length, RecordLimits limits) {
        JsonScanner scanner = scanner(body, offset, length);
        Location location = new Location(offset);
        try {
            return new EnvelopeReader(scanner, location).produceFrame(limits);
        } catch (JsonSyntaxException wrong) {
            throw location.malformed(wrong);
        }
    }

    /** Checks that a frame is one JSON object and returns its string {@code type}. */
    public static String frameType(byte[] body, int offset, int length) {
        JsonScanner scanner = scanner(body, offset, length);
        Location location = new Location(offset);
        try {
            return new EnvelopeReader(scanner, location).frameType();
        } catch (JsonSyntaxException wrong) {
            throw location.malformed(wrong);
        }
    }

    private static JsonScanner scanner(byte[] body, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, body.length);
        return new JsonScanner(body, offset, length);
    }
}
