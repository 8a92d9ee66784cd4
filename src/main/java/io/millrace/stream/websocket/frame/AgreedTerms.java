package io.millrace.stream.websocket.frame;

import io.millrace.fetch.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * The terms agreed in a handshake.
 *
 * @param deflation if messages may be compressed, else null
 */
public record AgreedTerms(Subprotocol subprotocol, @Nullable Deflation deflation) {

    /** @param epoch at which the partition was assigned to the group member; 0 without a group */
    public RecordsFrame records(String id, long epoch, Delivery.Records delivery) {
        RecordsFrame frame = subprotocol.records(id, epoch, delivery);
        return deflation == null ? frame : new DeflatedRecordsFrame(frame, subprotocol, deflation);
    }
}
