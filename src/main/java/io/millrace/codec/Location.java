package io.millrace.codec;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.Violation;
import io.millrace.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parser's location in a request, kept in plain Java fields: a {@link Place} is made only for an error. Makes the
 * refusals of this package.
 */
final class Location {

    static final int NONE = -1;

    /** The record's index, or {@link #NONE} outside of records. */
    int record = NONE;

    /** The field of the record, or of the request outside of records. */
    @Nullable
    String field;

    /** The header's index, or {@link #NONE} outside of headers. */
    int header = NONE;

    /** The field of the header. */
    @Nullable
    String headerField;

    private final int start;

    /** @param start the index of the body's first byte in its array */
    Location(int start) {
        this.start = start;
    }

    /** Enters a record. */
    void enterRecord(int index) {
        record = index;
        field = null;
    }

    /** Returns from the records to the field that holds them. */
    void leaveRecord(String holder) {
        record = NONE;
        field = holder;
    }

    /** Returns from a header to the array of headers. */
    void leaveHeader() {
        header = NONE;
        headerField = null;
    }

    /** The refusal of a well-formed request that is invalid here. */
    HubException invalid(String code, String detail) {
        return refusal(error(), code, detail);
    }

    /** The refusal of a field that the object here must not have. */
    HubException invalidName(String code, String detail, byte @Nullable [] name) {
        String shown = name == null ? "\ufffd" : new String(name, StandardCharsets.UTF_8);
        return new HubException(error(), place().within(shown), code, detail);
    }

    HubException refusal(HubError error, String code, String detail) {
        return new HubException(error, place(), code, detail);
    }

    HubException malformed(JsonSyntaxException wrong) {
        int offset = wrong.index() - start;
        String detail = wrong.getMessage() + ", at byte offset " + offset;
        Violation violation = new Violation(place(), wrong.code(), detail);
        return new HubException(HubError.MALFORMED_JSON, detail, List.of(violation), Map.of("byte_offset", offset));
    }

    private HubError error() {
        return record == NONE ? HubError.INVALID_REQUEST : HubError.INVALID_RECORD;
    }

    private Place place() {
        List<String> path = new ArrayList<>();
        if (field != null) {
            path.add(field);
        }
        if (header != NONE) {
            path.add(Integer.toString(header));
        }
        if (headerField != null) {
            path.add(headerField);
        }
        return record == NONE ? new Place.Field(path) : new Place.OfRecord(record, path);
    }
}
