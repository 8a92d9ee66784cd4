package io.millrace.codec;

import io.millrace.json.JsonBuffer;
import io.millrace.json.JsonScanner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a record's headers into the form in which they are stored: a JSON array without whitespace. */
final class HeaderReader {

    private static final byte[] NAME_START = JsonBuffer.ascii("{\"name\":");
    private static final byte[] VALUE_START = JsonBuffer.ascii(",\"value\":");
    private static final byte[] VALUE_BASE64_START = JsonBuffer.ascii(",\"value_base64\":");

    private static final int SEEN_NAME = 1;
    private static final int SEEN_VALUE = 2;
    private static final int SEEN_VALUE_BASE64 = 4;

    private static final FieldName NAME = FieldName.of("name", SEEN_NAME);
    private static final FieldName VALUE = FieldName.of("value", SEEN_VALUE).or(SEEN_VALUE_BASE64);
    private static final FieldName VALUE_BASE64 =
            FieldName.of("value_base64", SEEN_VALUE_BASE64).or(SEEN_VALUE);

    private final JsonScanner in;
    private final Location location;
    private final Scalars scalars;
    private final int maxHeaders;
    private @Nullable JsonBuffer buffer;

    private int seen;
    private byte @Nullable [] name;
    private byte @Nullable [] value;

    HeaderReader(JsonScanner in, Location location, Scalars scalars, int maxHeaders) {
        this.in = in;
        this.location = location;
        this.scalars = scalars;
        this.maxHeaders = maxHeaders;
    }

    /** The headers as they are stored; null if the array is empty. */
    byte @Nullable [] read() {
        scalars.expect('[', "an array of headers");
        if (!in.open(']')) {
            return null;
        }
        JsonBuffer out = cleanBuffer();
        int count = 0;
        do {
            if (count == maxHeaders) {
                throw location.invalid("too_many_headers", "a record may have at most " + maxHeaders + " headers");
            }
            location.header = count;
            readOne();
            write(out.ascii(count == 0 ? '[' : ','));
            location.leaveHeader();
            count++;
        } while (in.more(']'));
        return out.ascii(']').toByteArray();
    }

    private JsonBuffer cleanBuffer() {
        JsonBuffer out = buffer == null ? new JsonBuffer(256) : buffer;
        out.clear();
        buffer = out;
        return out;
    }

    private void readOne() {
        scalars.expect('{', "an object");
        seen = 0;
        name = null;
        value = null;
        if (in.open('}')) {
            do {
                in.name();
                readField();
                location.headerField = null;
            } while (in.more('}'));
        }
        if (name == null) {
            location.headerField = NAME.text();
            throw location.invalid("required", "a header must have a name");
        }
    }

    private void readField() {
        if (in.textIs(NAME.utf8())) {
            enter(NAME);
            name = scalars.string("invalid_header");
            if (name.length == 0) {
                throw location.invalid("empty", "a header's name must not be empty");
            }
        } else if (in.textIs(VALUE.utf8())) {
            enter(VALUE);
            value = in.skipNull() ? null : scalars.string("invalid_header");
        } else if (in.textIs(VALUE_BASE64.utf8())) {
            enter(VALUE_BASE64);
            value = in.skipNull() ? null : scalars.base64();
        } else {
            throw location.invalidName(
                    "unknown_field", "the fields of a header are name, value and value_base64", in.text());
        }
    }

    private void enter(FieldName field) {
        location.headerField = field.text();
        seen = scalars.enter(field, seen);
    }

    private void write(JsonBuffer out) {
        out.raw(NAME_START).string(Objects.requireNonNull(name));
        if (value == null) {
            out.raw(VALUE_START).nil();
        } else if ((seen & SEEN_VALUE_BASE64) != 0) {
            out.raw(VALUE_BASE64_START).base64(value);
        } else {
            out.raw(VALUE_START).string(value);
        }
        out.ascii('}');
    }
}
