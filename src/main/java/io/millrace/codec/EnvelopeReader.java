package io.millrace.codec;

import io.millrace.event.Acks;
import io.millrace.event.ClientName;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.json.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the object around the records: a request or a WebSocket frame. For one text and one thread. */
final class EnvelopeReader {

    private static final int SEEN_RECORDS = 1;
    private static final int SEEN_TYPE = 2;
    private static final int SEEN_REF = 4;
    private static final int SEEN_TOPIC = 8;
    private static final int SEEN_ACKS = 16;

    private static final FieldName RECORDS = FieldName.of("records", SEEN_RECORDS);
    private static final FieldName TYPE = FieldName.of("type", SEEN_TYPE);
    private static final FieldName REF = FieldName.of("ref", SEEN_REF);
    private static final FieldName TOPIC = FieldName.of("topic", SEEN_TOPIC);
    private static final FieldName ACKS = FieldName.of("acks", SEEN_ACKS);

    private static final String PRODUCE = "produce";

    /** A record's value in a frame is nested in the array of records and in the record. */
    private static final int FRAME_FIELD_DEPTH = JsonScanner.MAX_DEPTH + 2;

    private final JsonScanner in;
    private final Location location;
    private final Scalars scalars;

    private int seen;
    private @Nullable List<NewRecord> records;
    private @Nullable String type;
    private @Nullable String ref;
    private @Nullable String topic;
    private Acks acks = Acks.LEADER;

    EnvelopeReader(JsonScanner in, Location location) {
        this.in = in;
        this.location = location;
        this.scalars = new Scalars(in, location);
    }

    List<NewRecord> request(RecordLimits limits) {
        RecordReader reader = new RecordReader(in, location, limits);
        fields(() -> {
            if (!in.textIs(RECORDS.utf8())) {
                throw location.invalidName("unknown_field", "the only field of a request is records", in.text());
            }
            enter(RECORDS);
            records = reader.array(RECORDS.text());
        });
        return required(RECORDS, records);
    }

    ProduceFrame produceFrame(RecordLimits limits) {
        RecordReader reader = new RecordReader(in, location, limits);
        fields(() -> {
            if (in.textIs(RECORDS.utf8())) {
                enter(RECORDS);
                records = reader.array(RECORDS.text());
            } else {
                frameField();
            }
        });
        required(TYPE, type);
        return new ProduceFrame(ref, required(TOPIC, topic), acks, required(RECORDS, records));
    }

    private void frameField() {
        if (in.textIs(TYPE.utf8())) {
            enter(TYPE);
            type = string();
            if (!type.equals(PRODUCE)) {
                throw location.invalid("unexpected_type", "this is not a produce frame");
            }
        } else if (in.textIs(REF.utf8())) {
            enter(REF);
            ref = in.skipNull() ? null : ref();
        } else if (in.textIs(TOPIC.utf8())) {
            enter(TOPIC);
            topic = string();
        } else if (in.textIs(ACKS.utf8())) {
            enter(ACKS);
            acks = in.skipNull() ? Acks.LEADER : acks();
        } else {
            throw location.invalidName("unknown_field", "a produce frame has no such field", in.text());
        }
    }

    /** Reads the frame's type; only checks that the other fields are JSON. */
    String frameType() {
        fields(() -> {
            if (in.textIs(TYPE.utf8())) {
                enter(TYPE);
                type = string();
            } else {
                in.skipValue(FRAME_FIELD_DEPTH);
            }
        });
        return required(TYPE, type);
    }

    private void fields(Runnable field) {
        scalars.expect('{', "an object");
        if (in.open('}')) {
            do {
                in.name();
                field.run();
                location.field = null;
            } while (in.more('}'));
        }
        in.end();
    }

    private void enter(FieldName field) {
        location.field = field.text();
        seen = scalars.enter(field, seen);
    }

    private String string() {
        return new String(scalars.string("invalid_string"), StandardCharsets.UTF_8);
    }

    private String ref() {
        String given = string();
        if (!ClientName.isValid(given)) {
            throw location.invalid("out_of_range", "ref has " + ClientName.RULE);
        }
        return given;
    }

    private Acks acks() {
        if (in.peek() != '"') {
            throw scalars.wrongType("a string");
        }
        String parameter = string();
        try {
            return Acks.parse(parameter);
        } catch (HubException unknown) {
            throw location.invalid("out_of_range", unknown.detail());
        }
    }

    private <T> T required(FieldName field, @Nullable T value) {
        if (value == null) {
            location.field = field.text();
            throw location.invalid("required", field.text() + " is required");
        }
        return value;
    }
}
