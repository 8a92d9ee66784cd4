package io.millrace.codec;

import io.millrace.json.JsonScanner;
import io.millrace.json.JsonSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON values of records within one byte array. In refusals the byte offset counts from the array's start.
 * Used by one thread; the array must not change meanwhile.
 */
public final class ValueReader {

    private final JsonScanner in;

    /** @param bytes the array that holds the values */
    public ValueReader(byte[] bytes) {
        in = new JsonScanner(bytes, 0, bytes.length);
    }

    /**
     * Reads one value.
     *
     * @param index the record's index in the request, for violations: {@code #/records/{index}/value}
     * @return a copy without the whitespace around it; null for {@code null}
     * @throws io.millrace.event.HubException as by {@link RecordParser} if it is not JSON
     */
    public byte @Nullable [] read(int offset, int length, int index) {
        in.reset(offset, length);
        try {
            byte @Nullable [] value = RecordReader.value(in);
            in.end();
            return value;
        } catch (JsonSyntaxException wrong) {
            Location location = new Location(0);
            location.enterRecord(index);
            location.field = RecordReader.VALUE_FIELD;
            throw location.malformed(wrong);
        }
    }
}
