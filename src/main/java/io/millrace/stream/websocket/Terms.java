package io.millrace.stream.websocket;

import io.millrace.fetch.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake has agreed on.
 *
 * @param deflation if messages may be compressed; else null
 */
record Terms(Subprotocol subprotocol, @Nullable Deflation deflation) {

    /** @param epoch at which the partition became the group's member's; 0 without a group */
    RecordsFrame records(String id, long epoch, Delivery.Records delivery) {
        RecordsFrame frame = subprotocol.records(id, epoch, delivery);
        return deflation == null ? frame : new DeflatedRecordsFrame(frame, subprotocol, deflation);
    }
}
