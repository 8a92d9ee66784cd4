package io.millrace.stream.websocket.frame;

import io.millrace.consume.JoinTerms;
import io.millrace.event.StartPosition;
import io.millrace.group.OffsetCommit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame from a WebSocket client, checked as far as possible without looking at topics. */
public sealed interface ClientFrame {

    /** A partition as a client names it. */
    record PartitionName(@Nullable String topic, int partition) {}

    /** @param nextOffset the next offset to read */
    record Position(PartitionName partition, long nextOffset) {}

    /** A frame about one subscription. */
    sealed interface OfSubscription extends ClientFrame {
        /** The subscription's name, chosen by the client. */
        String id();
    }

    /** Follow all partitions of some topics, including those added later. */
    record SubscribeTopics(String id, List<String> topics, StartPosition from, long credits)
            implements OfSubscription {}

    /** Join a group and follow the partitions that it assigns. */
    record SubscribeGroup(String id, JoinTerms request, long credits) implements OfSubscription {}

    /** Follow some partitions of a topic from given offsets on. */
    record SubscribePartitions(String id, String topic, List<Position> partitions, long credits)
            implements OfSubscription {}

    /** Grants credits for more records. */
    record Permit(String id, long records) implements OfSubscription {}

    /** Continue at other offsets. */
    record Seek(String id, List<Position> partitions) implements OfSubscription {}

    /** @param partitions to pause; empty for all */
    record Pause(String id, List<PartitionName> partitions) implements OfSubscription {}

    /** @param partitions to resume; empty for all */
    record Resume(String id, List<PartitionName> partitions) implements OfSubscription {}

    record Unsubscribe(String id) implements OfSubscription {}

    /** Commit offsets in a consumer group. */
    record Commit(String id, List<OffsetCommit> offsets) implements OfSubscription {}
}
