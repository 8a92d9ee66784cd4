package io.millrace.fetch;

import io.millrace.event.TopicPartition;

/** What a subscription has for its consumer. */
public sealed interface Delivery {

    /** Nothing came within the time that the consumer waits, or it was woken. */
    record Nothing() implements Delivery {}

    /** Records of one partition, behind those delivered before. */
    record Records(TopicPartition partition, Fetched records) implements Delivery {}

    /**
     * The records that came next are gone, or never were: the subscription goes on elsewhere.
     *
     * @param requested the offset that could not be read
     * @param nextOffset where the subscription goes on: the start of the partition if the offset has expired, its end
     *     if the offset lies beyond it
     */
    record Reset(TopicPartition partition, long requested, long nextOffset) implements Delivery {}

    /** The topic was deleted; the subscription does not follow this partition any longer. */
    record Removed(TopicPartition partition) implements Delivery {}
}
