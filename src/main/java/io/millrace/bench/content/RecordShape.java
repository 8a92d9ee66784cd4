package io.millrace.bench.content;

import io.millrace.bench.format.Batch;

/**
 * What the records are like that are produced. A record is as long as any other, so a request's length is known before
 * it is written:
 *
 * <pre>
 * {"key":"key-0000042","value":{"at":1000000012345678,"text":"qwpbnmz…"}}
 * </pre>
 *
 * @param payload bytes of a value
 * @param keys how many different keys there are
 */
public record RecordShape(int payload, int keys, KeyDistribution distribution) {

    public static final int LEAST_PAYLOAD = Batch.VALUE_FRAME;
    public static final int MOST_PAYLOAD = 8 * 1024 * 1024;
    public static final int MOST_KEYS = 10_000_000;
}
