package io.millrace.client.message;

import io.millrace.codec.ReadPage;
import io.millrace.event.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A message from a hub on a WebSocket or in an event stream. On a socket, {@code id} is the subscription's and
 * {@code ref} that of the answered frame; either is empty if the frame has none, as in event streams.
 */
public sealed interface Frame {

    /**
     * The partitions that the subscription now follows in addition, and where each continues.
     *
     * @param memberId in a group; else empty
     * @param epoch of the member; 0 without a group
     */
    record Assigned(String id, String memberId, long epoch, List<Position> partitions) implements Frame {}

    /** Records of one partition, in order. An event has a single record and no next offset. */
    record Records(ReadPage page) implements Frame {}

    /**
     * There is a gap: the partitions continue at these offsets.
     *
     * @param reason in an event stream; else empty
     */
    record Reset(String id, String reason, List<Position> partitions) implements Frame {}

    /** No more records of these partitions follow. */
    record Revoked(String id, String reason, List<TopicPartition> partitions) implements Frame {}

    /** The offsets of a commit are stored. */
    record Committed(String ref) implements Frame {}

    /** The records of a request are stored. */
    record Produced(String ref, ProduceResult result) implements Frame {}

    /** Something was refused or failed. */
    record Error(String id, String ref, Problem problem) implements Frame {}

    /** The node is shutting down and will close the connection. */
    record Draining() implements Frame {}

    /** A frame that a later release may send and this client does not know. */
    record Unknown(JsonNode json) implements Frame {}

    /** An event and the cursor to continue after it; null if the hub gave none. */
    record Event(Frame frame, @Nullable String cursor) {}
}
