package io.millrace.stream.websocket.frame;

import io.millrace.consume.RevokedReason;
import io.millrace.event.Appended;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A frame to a client other than records, for which see {@link RecordsFrame}. */
public sealed interface ServerFrame {

    /**
     * The positions from which a subscription begins, or continues after a {@code seek}.
     *
     * @param memberId in a group, else null
     * @param epoch of the member's assignment; 0 without a group
     */
    record Assigned(String id, @Nullable String memberId, long epoch, Map<TopicPartition, Long> nextOffsets)
            implements ServerFrame {

        public Assigned(String id, Map<TopicPartition, Long> nextOffsets) {
            this(id, null, 0, nextOffsets);
        }
    }

    /** Offsets are committed. */
    record Committed(@Nullable String ref) implements ServerFrame {}

    /** The subscription no longer delivers records of these partitions. */
    record Revoked(String id, List<TopicPartition> partitions, RevokedReason reason) implements ServerFrame {}

    /** The next offset has expired or lies beyond the end; the subscription continues at another. */
    record Reset(String id, Delivery.Reset reset) implements ServerFrame {}

    /** A request's records are stored, or with {@code acks=0} accepted. */
    record Produced(@Nullable String ref, Appended appended) implements ServerFrame {}

    /** Something was refused or went wrong. */
    record Failed(@Nullable String ref, @Nullable String id, HubException problem) implements ServerFrame {}

    /** The node is shutting down; the connection is closed next. */
    record Draining() implements ServerFrame {}
}
