package io.millrace.bench.content;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import java.util.Collections;
import java.util.List;

/**
 * What the records are like that are produced. A record is as long as any other, so a request's length is known before
 * it is written. Its key and its value are, in every format:
 *
 * <pre>
 * key-0000042
 * {"at":1000000012345678,"text":"qwpbnmz…"}
 * </pre>
 *
 * @param payload bytes of a value
 * @param keys how many different keys there are
 */
public record RecordShape(int payload, int keys, KeyDistribution distribution) {

    public static final int LEAST_PAYLOAD = RecordContent.VALUE_FRAME;
    public static final int MOST_PAYLOAD = 8 * 1024 * 1024;
    public static final int MOST_KEYS = 10_000_000;

    /** Whether records have a key at all. */
    public boolean keyed() {
        return distribution != KeyDistribution.NONE;
    }

    /** A key over which others are drawn; empty without keys. */
    public byte[] key() {
        return keyed() ? RecordContent.key() : new byte[0];
    }

    /** A value over which others are drawn. */
    public byte[] value() {
        return RecordContent.value(payload);
    }

    /** So many records with these. */
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
