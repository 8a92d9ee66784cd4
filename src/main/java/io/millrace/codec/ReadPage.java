package io.millrace.codec;

import java.util.List;
import java.util.OptionalLong;

/**
 * Records of one partition in the order of their offsets, as an answer, a frame or an event brings them. Which of the
 * other things are said depends on that: a text that was not is empty, a number {@link #UNSAID}.
 *
 * @param id of the subscription, in a frame
 * @param epoch in a group: since when the partition is the member's; 0 in binary frames without a group
 * @param startOffset the first that can be read, in the answer to a read
 * @param nextOffset where to go on
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

    public static final int UNSAID = -1;

    /** The epoch that a commit of these records names; empty outside of groups. */
    public OptionalLong memberEpoch() {
        return epoch > 0 ? OptionalLong.of(epoch) : OptionalLong.empty();
    }
}
