package io.millrace.codec;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.event.RecordLimits;
import io.millrace.json.JsonScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads records at a scanner's position. For one request and one thread; its state is the record being read. */
final class RecordReader {

    static final String VALUE_FIELD = "value";

    private static final int SEEN_KEY = 1;
    private static final int SEEN_KEY_BASE64 = 2;
    private static final int SEEN_VALUE = 4;
    private static final int SEEN_VALUE_BASE64 = 8;
    private static final int SEEN_HEADERS = 16;
    private static final int SEEN_PARTITION = 32;
    private static final int SEEN_TIMESTAMP = 64;

    private static final FieldName KEY = FieldName.of("key", SEEN_KEY).or(SEEN_KEY_BASE64);
    private static final FieldName KEY_BASE64 =
            FieldName.of("key_base64", SEEN_KEY_BASE64).or(SEEN_KEY);
    private static final FieldName VALUE = FieldName.of(VALUE_FIELD, SEEN_VALUE).or(SEEN_VALUE_BASE64);
    private static final FieldName VALUE_BASE64 =
            FieldName.of("value_base64", SEEN_VALUE_BASE64).or(SEEN_VALUE);
    private static final FieldName HEADERS = FieldName.of("headers", SEEN_HEADERS);
    private static final FieldName PARTITION = FieldName.of("partition", SEEN_PARTITION);
    private static final FieldName TIMESTAMP = FieldName.of("timestamp", SEEN_TIMESTAMP);

    private final JsonScanner in;
    private final Location location;
    private final RecordLimits limits;
    private final Scalars scalars;
    private final HeaderReader headerReader;

    private int seen;
    private int partition;
    private long timestamp;
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private byte @Nullable [] headers;
    private byte format;

    RecordReader(JsonScanner in, Location location, RecordLimits limits) {
        this.in = in;
        this.location = location;
        this.limits = limits;
        this.scalars = new Scalars(in, location);
        this.headerReader = new HeaderReader(in, location, scalars, limits.maxHeaders());
    }

    /** Reads the array of records that is the value of {@code holder}, a field of the request. */
    List<NewRecord> array(String holder) {
        scalars.expect('[', "an array of records");
        List<NewRecord> records = new ArrayList<>();
        if (!in.open(']')) {
            throw location.invalid("empty", "a request must have at least one record");
        }
        do {
            limits.checkCount(records.size() + 1, location::refusal);
            location.enterRecord(records.size());
            records.add(one());
            location.leaveRecord(holder);
        } while (in.more(']'));
        return records;
    }

    /** Reads one record. */
    NewRecord one() {
        scalars.expect('{', "an object");
        seen = 0;
        partition = NewRecord.ANY_PARTITION;
        timestamp = NewRecord.NO_TIMESTAMP;
        key = null;
        value = null;
        headers = null;
        format = RecordFormat.DEFAULT;
        if (in.open('}')) {
            do {
                in.name();
                field();
                location.field = null;
            } while (in.more('}'));
        }
        NewRecord record = new NewRecord(partition, timestamp, key, value, headers, format);
        limits.checkSize(record, location::refusal);
        return record;
    }

    private void field() {
        if (in.textIs(VALUE.utf8())) {
            enter(VALUE);
            value = value(in);
        } else if (in.textIs(KEY.utf8())) {
            enter(KEY);
            key = in.skipNull() ? null : scalars.string("invalid_key");
        } else if (in.textIs(HEADERS.utf8())) {
            enter(HEADERS);
            headers = in.skipNull() ? null : headerReader.read();
        } else if (in.textIs(PARTITION.utf8())) {
            enter(PARTITION);
            partition = in.skipNull() ? NewRecord.ANY_PARTITION : (int) scalars.integer(Integer.MAX_VALUE);
        } else if (in.textIs(TIMESTAMP.utf8())) {
            enter(TIMESTAMP);
            timestamp = in.skipNull() ? NewRecord.NO_TIMESTAMP : scalars.integer(RecordParser.MAX_TIMESTAMP);
        } else {
            base64Field();
        }
    }

    private void base64Field() {
        if (in.textIs(VALUE_BASE64.utf8())) {
            enter(VALUE_BASE64);
            if (!in.skipNull()) {
                value = scalars.base64();
                format |= RecordFormat.VALUE_BINARY;
            }
        } else if (in.textIs(KEY_BASE64.utf8())) {
            enter(KEY_BASE64);
            if (!in.skipNull()) {
                key = scalars.base64();
                format |= RecordFormat.KEY_BINARY;
            }
        } else {
            throw location.invalidName("unknown_field", "a record has no such field", in.text());
        }
    }

    /** Reads headers that are the whole text. */
    byte @Nullable [] headers() {
        location.field = HEADERS.text();
        byte @Nullable [] read = headerReader.read();
        in.end();
        return read;
    }

    /** Reads a JSON value; null if it is {@code null}. */
    static byte @Nullable [] value(JsonScanner in) {
        if (in.skipNull()) {
            return null;
        }
        int from = in.position();
        in.skipValue(JsonScanner.MAX_DEPTH);
        return in.slice(from, in.position());
    }

    private void enter(FieldName field) {
        location.field = field.text();
        seen = scalars.enter(field, seen);
    }
}
