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
     * @param nextOffset where the subscription continues: if the offset has expired, where {@link PartitionStart} says;
     *     the end of the partition if the offset lies beyond it; where the leader epoch began if records before the
     *     offset were lost
     * @param highWatermark of the partition at that time
     */
    record Reset(TopicPartition partition, long requested, long nextOffset, long highWatermark) implements Delivery {

        /** Whether the requested offset lies before the start of the partition. */
        public boolean expired() {
            return requested < nextOffset;
        }

        /** Why the offset could not be read, for clients. */
        public String reason() {
            return expired() ? "offset_expired" : "offset_beyond_end";
        }
    }

    /** The topic was deleted; the subscription no longer follows this partition. */
    record Removed(TopicPartition partition) implements Delivery {}
}
