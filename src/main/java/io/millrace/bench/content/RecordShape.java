package io.millrace.bench.content;

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

    /** Bytes of a key; 0 without keys. */
    public int keyLength() {
        return keyed() ? RecordContent.KEY_LENGTH : 0;
    }
}
