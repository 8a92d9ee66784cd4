package io.millrace.rest;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.Place;
import io.millrace.event.RecordFormat;
import io.millrace.event.RecordLimits;
import io.millrace.event.Violation;
import io.millrace.json.JsonBuffer;
import io.millrace.json.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * A request whose body is one record's value. The key comes in the header {@value #KEY}, the record's headers in
 * {@code Hub-Header-<name>}; their names are lowercased, since HTTP does not preserve case. A type other than
 * {@code text/plain} and {@code application/octet-stream} is kept as the record's header {@code content-type}.
 */
final class RawRecord {

    static final String KEY = "Hub-Key";
    static final String HEADER = "Hub-Header-";
    static final String HEADER_PREFIX = "hub-header-";

    private RawRecord() {}

    /** @throws HubException {@link HubError#INVALID_RECORD}, {@link HubError#RECORD_TOO_LARGE} */
    static NewRecord of(MediaType type, HttpHeaders headers, byte[] body, RecordLimits limits) {
        boolean text = MediaType.TEXT_PLAIN.equalsTypeAndSubtype(type);
        if (text && !Utf8.isValid(body, 0, body.length)) {
            throw invalid(Place.WHOLE, "invalid_utf8", "a text/plain body must be UTF-8");
        }
        List<String> keys = headers.getOrEmpty(KEY);
        if (keys.size() > 1) {
            throw invalid(new Place.Header(KEY), "duplicate_header", "a record has at most one key");
        }
        String key = keys.isEmpty() ? null : keys.getFirst();
        NewRecord record = new NewRecord(
                NewRecord.ANY_PARTITION,
                NewRecord.NO_TIMESTAMP,
                key == null ? null : utf8(key, KEY),
                body,
                headers(type, headers, limits),
                text ? RecordFormat.VALUE_TEXT : RecordFormat.VALUE_BINARY);
        // Checked here, where the places are known.
        limits.checkSize(record, Place.WHOLE);
        limits.checkKey(record, new Place.Header(KEY));
        return record;
    }

    private static byte @Nullable [] headers(MediaType type, HttpHeaders headers, RecordLimits limits) {
        JsonBuffer json = new JsonBuffer();
        int[] count = {0};
        // A name sent in two spellings would be visited twice, each time with the values of both.
        Set<String> names = new LinkedHashSet<>();
        headers.headerNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        for (String name : names) {
            if (name.startsWith(HEADER_PREFIX)) {
                String recordHeader = name.substring(HEADER_PREFIX.length());
                if (recordHeader.isEmpty()) {
                    throw invalid(new Place.Header(HEADER), "required", "a record header needs a name after " + HEADER);
                }
                headers.getOrEmpty(name).forEach(value -> append(json, count, recordHeader, utf8(value, name)));
            }
        }
        if (!MediaType.TEXT_PLAIN.equalsTypeAndSubtype(type) && !MediaType.APPLICATION_OCTET_STREAM.equals(type)) {
            append(json, count, "content-type", type.toString().getBytes(StandardCharsets.UTF_8));
        }
        if (count[0] > limits.maxHeaders()) {
            throw invalid(
                    new Place.Header(HEADER + "*"),
                    "too_many_headers",
                    "a record has at most " + limits.maxHeaders() + " headers");
        }
        return count[0] == 0 ? null : json.ascii(']').toByteArray();
    }

    private static void append(JsonBuffer json, int[] count, String name, byte[] value) {
        json.ascii(count[0]++ == 0 ? '[' : ',');
        json.raw(JsonBuffer.ascii("{\"name\":")).string(name);
        json.raw(JsonBuffer.ascii(",\"value\":")).string(value).ascii('}');
    }

    /** Header values are bytes, which the server decodes as Latin-1; clients send UTF-8. */
    private static byte[] utf8(String value, String header) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        if (!Utf8.isValid(bytes, 0, bytes.length)) {
            throw invalid(new Place.Header(header), "invalid_utf8", "the header " + header + " must be UTF-8");
        }
        return bytes;
    }

    private static HubException invalid(Place place, String code, String detail) {
        return new HubException(
                HubError.INVALID_RECORD, detail, List.of(new Violation(place, code, detail)), java.util.Map.of());
    }
}
