package io.millrace.fetch;

import io.millrace.event.TopicPartition;

/** What {@link Subscription#next} returns. */
public sealed interface Delivery {

    /** Nothing came within the consumer's wait, or the consumer was woken. */
    record Nothing() implements Delivery {}

    /** Records of one partition, following those delivered before. */
    record Records(TopicPartition partition, Fetched records) implements Delivery {}

    /**
     * The next records have expired, or the position lies beyond the end: the subscription continues elsewhere.
     *
     * @param requested the offset that could not be read
     * @param nextOffset where the subscription continues: the start of the partition if the offset has expired, its end
     *     if the offset lies beyond it
     */
    record Reset(TopicPartition partition, long requested, long nextOffset) implements Delivery {}

    /** The topic was deleted; the subscription no longer follows this partition. */
    record Removed(TopicPartition partition) implements Delivery {}
}
