package io.millrace.codec;

import java.util.List;
import java.util.OptionalLong;

/**
 * Records of one partition in order of offset, from an answer, a frame or an event. Of the other components, those that
 * it does not carry are empty strings or {@link #ABSENT}.
 *
 * @param id of the subscription, in a frame
 * @param epoch at which the partition was assigned to the group member; 0 in binary frames without a group
 * @param startOffset the first readable offset, in the answer to a read
 * @param nextOffset the next offset to read
 */
public record ReadPage(
        String id,
        String topic,
        int partition,
        long epoch,
        long startOffset,
        long nextOffset,
        long highWatermark,
        List<ReadRecord> records) {

    public static final int ABSENT = -1;

    /** The epoch that a commit of these records names; empty outside of groups. */
    public OptionalLong memberEpoch() {
        return epoch > 0 ? OptionalLong.of(epoch) : OptionalLong.empty();
    }
}
