package io.millrace.bench.format;

import io.millrace.bench.content.Digits;
import io.millrace.bench.content.RecordContent;
import io.millrace.bench.content.RecordShape;

/**
 * Renders requests of a fixed number of records into one array, repeatedly: in a request that was written with
 * {@linkplain RecordShape#samples samples}, it replaces the topic, round robin, and the keys and values, each drawn
 * again. Allocates nothing. Used by one thread.
 */
public final class Batch {

    private final RecordContent content;
    private final byte[] request;
    private final int[] keys;
    private final int[] values;
    private final TopicNames topics;
    private final int topicAt;
    private final int refAt;
    private int topic;

    /**
     * @param written a request to the first of the topics; in a frame its {@code ref} is {@link Refs#FIRST}
     * @param zero the nano time that send times count from
     */
    public Batch(byte[] written, TopicNames topics, RecordShape shape, int records, long zero, long seed) {
        this.request = written.clone();
        this.topics = topics;
        this.topic = (int) (seed % topics.count());
        byte[] first = Asciis.bytes(topics.first());
        this.topicAt = Asciis.indexOf(request, 0, first) + first.length - topics.digits();
        this.refAt = Asciis.indexOf(request, 0, Asciis.bytes(Refs.FIRST));
        this.content = new RecordContent(shape, zero, seed);
        this.keys = new int[records];
        this.values = new int[records];
        byte[] key = shape.key();
        byte[] value = shape.value();
        int at = 0;
        for (int i = 0; i < records; i++) {
            values[i] = Asciis.indexOf(request, at, value);
            at = values[i] + shape.payload();
            keys[i] = Asciis.lastIndexOf(request, values[i], key);
        }
    }

    /**
     * Draws the records again. Always returns the same array.
     *
     * @param sentAt the time written into their values
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

    /** The same for a frame, which has a {@code ref}. */
    public byte[] render(int ref, long sentAt) {
        Digits.write(ref, request, refAt, Refs.DIGITS);
        return render(sentAt);
    }

    public int length() {
        return request.length;
    }

    public int records() {
        return keys.length;
    }
}
