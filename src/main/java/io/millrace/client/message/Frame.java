package io.millrace.client.message;

import io.millrace.codec.ReadPage;
import io.millrace.event.TopicPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a hub says on a WebSocket or in an event stream. On a socket, {@code id} is that of the subscription and
 * {@code ref} that of the frame that is answered; what was not said is empty, and in event streams it always is.
 */
public sealed interface Frame {

    /**
     * What is followed from now on, besides what was before, and where each partition goes on.
     *
     * @param memberId in a group; else empty
     * @param epoch of the member; 0 without a group
     */
    record Assigned(String id, String memberId, long epoch, List<Position> partitions) implements Frame {}

    /** Records of one partition, in order. An event brings a single one, and no next offset. */
    record Records(ReadPage page) implements Frame {}

    /**
     * There is a gap: the partitions go on at these offsets.
     *
     * @param reason in an event stream; else empty
     */
    record Reset(String id, String reason, List<Position> partitions) implements Frame {}

    /** These partitions send nothing more. */
    record Revoked(String id, String reason, List<TopicPartition> partitions) implements Frame {}

    /** The offsets of a commit are stored. */
    record Committed(String ref) implements Frame {}

    /** The records of a request are stored. */
    record Produced(String ref, ProduceResult result) implements Frame {}

    /** Something was refused or failed. */
    record Error(String id, String ref, Problem problem) implements Frame {}

    /** The node shuts down; the end of the connection follows. */
    record Draining() implements Frame {}

    /** What a later hub may say, and this client does not know. */
    record Unknown(JsonNode json) implements Frame {}

    /** An event with what a client sends to go on behind it; null where the hub gives nothing. */
    record Event(Frame frame, @Nullable String cursor) {}
}
