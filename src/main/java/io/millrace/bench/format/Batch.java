package io.millrace.bench.format;

import io.millrace.bench.content.Digits;
import io.millrace.bench.content.RecordContent;
import io.millrace.bench.content.RecordShape;

/**
 * Renders requests of a fixed number of records into one array, over and over: what the {@link RequestFormat} puts
 * around the records stays, but for the topics, which take turns, and each record is drawn anew. Nothing is allocated.
 * Used by one thread.
 */
public final class Batch {

    private final RequestFormat format;
    private final RecordContent content;
    private final byte[] request;
    private final int[] keys;
    private final int[] values;
    private final TopicNames topics;
    private final int topicAt;
    private int topic;

    /**
     * @param topics of which the format names the first
     * @param zero the nano time from which send times count
     */
    public Batch(RequestFormat format, TopicNames topics, RecordShape shape, int records, long zero, long seed) {
        this.format = format;
        this.topics = topics;
        this.topic = (int) (seed % topics.count());
        byte[] first = Asciis.bytes(topics.first());
        this.topicAt = Asciis.indexOf(format.opening(), first) + first.length - topics.digits();
        this.content = new RecordContent(shape, zero, seed);
        this.request = new byte[format.length(shape, records)];
        this.keys = new int[records];
        this.values = new int[records];
        byte[] key = content.key();
        byte[] value = content.value();
        int at = put(format.opening(), 0);
        for (int i = 0; i < records; i++) {
            at = i == 0 ? at : put(format.separator(), at);
            keys[i] = put(format.beforeKey(), at);
            values[i] = put(format.beforeValue(), put(key, keys[i]));
            at = put(format.afterValue(), put(value, values[i]));
        }
        put(format.closing(), at);
    }

    /** Returns where it ends. */
    private int put(byte[] bytes, int at) {
        System.arraycopy(bytes, 0, request, at, bytes.length);
        return at + bytes.length;
    }

    /**
     * Draws the records anew. The array is always the same.
     *
     * @param sentAt the time that goes into their values
     */
    public byte[] render(long sentAt) {
        if (topics.count() > 1) {
            Digits.write(topic, request, topicAt, topics.digits());
            topic = (topic + 1) % topics.count();
        }
        for (int i = 0; i < keys.length; i++) {
            content.draw(request, keys[i], values[i], sentAt);
        }
        return request;
    }

    /** The same of a format that has a {@code ref}. */
    public byte[] render(int ref, long sentAt) {
        Digits.write(ref, request, format.refAt(), RequestFormat.REF_DIGITS);
        return render(sentAt);
    }

    public int length() {
        return request.length;
    }

    public int records() {
        return keys.length;
    }
}
