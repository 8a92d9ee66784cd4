package io.millrace.bench.content;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import java.util.Collections;
import java.util.List;

/**
 * The shape of the produced records. All records have the same length, so a request's length is known before it is
 * written. In every format, key and value look like this:
 *
 * <pre>
 * key-0000042
 * {"at":1000000012345678,"text":"qwpbnmz…"}
 * </pre>
 *
 * @param payload bytes of a value
 * @param keys the number of different keys
 */
public record RecordShape(int payload, int keys, KeyDistribution distribution) {

    public static final int LEAST_PAYLOAD = RecordContent.VALUE_FRAME;
    public static final int MOST_PAYLOAD = 8 * 1024 * 1024;
    public static final int MOST_KEYS = 10_000_000;

    /** Whether records have a key at all. */
    public boolean keyed() {
        return distribution != KeyDistribution.NONE;
    }

    /** A key to be overwritten; empty without keys. */
    public byte[] key() {
        return keyed() ? RecordContent.key() : new byte[0];
    }

    /** A value to be overwritten. */
    public byte[] value() {
        return RecordContent.value(payload);
    }

    /** A number of records with this key and value. */
    public List<NewRecord> samples(int count) {
        NewRecord sample = new NewRecord(
                NewRecord.ANY_PARTITION,
                NewRecord.NO_TIMESTAMP,
                keyed() ? key() : null,
                value(),
                null,
                RecordFormat.DEFAULT);
        return Collections.nCopies(count, sample);
    }
}
