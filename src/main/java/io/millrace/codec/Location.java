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
 * Where in a request the parser is, kept as plain fields so that a {@link Place} costs nothing until something is
 * wrong. Makes the refusals of this package.
 */
final class Location {

    static final int NONE = -1;

    /** The record's index, or {@link #NONE} outside of records. */
    int record = NONE;

    /** The member of the record, or of the request outside of records. */
    @Nullable
    String member;

    /** The header's index, or {@link #NONE} outside of headers. */
    int header = NONE;

    /** The member of the header. */
    @Nullable
    String headerMember;

    private final int start;

    /** @param start the index of the body's first byte in its array */
    Location(int start) {
        this.start = start;
    }

    /** Enters a record. */
    void enterRecord(int index) {
        record = index;
        member = null;
    }

    /** Leaves the records for the member that holds them. */
    void leaveRecord(String holder) {
        record = NONE;
        member = holder;
    }

    /** Leaves a header for the array of them. */
    void leaveHeader() {
        header = NONE;
        headerMember = null;
    }

    /** For a well-formed request that is wrong here. */
    HubException invalid(String code, String detail) {
        return refusal(error(), code, detail);
    }

    /** For a member of the object here that it may not have, or not twice. */
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
        if (member != null) {
            path.add(member);
        }
        if (header != NONE) {
            path.add(Integer.toString(header));
        }
        if (headerMember != null) {
            path.add(headerMember);
        }
        return record == NONE ? new Place.Field(path) : new Place.OfRecord(record, path);
    }
}
