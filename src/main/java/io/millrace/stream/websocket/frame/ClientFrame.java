package io.millrace.stream.websocket.frame;

import io.millrace.consume.JoinTerms;
import io.millrace.event.StartPosition;
import io.millrace.group.OffsetCommit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a WebSocket client asks for, checked as far as that goes without looking at topics. */
public sealed interface ClientFrame {

    /** A partition as a client names it. */
    record PartitionName(@Nullable String topic, int partition) {}

    /** @param nextOffset the next offset to read */
    record Position(PartitionName partition, long nextOffset) {}

    /** What concerns one subscription. */
    sealed interface OfSubscription extends ClientFrame {
        /** The subscription's name, chosen by the client. */
        String id();
    }

    /** All partitions of some topics, also those that are added later. */
    record SubscribeTopics(String id, List<String> topics, StartPosition from, long credits)
            implements OfSubscription {}

    /** What a group gives to this member. */
    record SubscribeGroup(String id, JoinTerms request, long credits) implements OfSubscription {}

    /** Some partitions of a topic from given offsets on. */
    record SubscribePartitions(String id, String topic, List<Position> partitions, long credits)
            implements OfSubscription {}

    /** Leave to send more records. */
    record Permit(String id, long records) implements OfSubscription {}

    /** Goes on elsewhere. */
    record Seek(String id, List<Position> partitions) implements OfSubscription {}

    /** @param partitions those to be stopped; empty for all */
    record Pause(String id, List<PartitionName> partitions) implements OfSubscription {}

    /** @param partitions those to go on; empty for all */
    record Resume(String id, List<PartitionName> partitions) implements OfSubscription {}

    record Unsubscribe(String id) implements OfSubscription {}

    /** Progress in a consumer group. */
    record Commit(String id, List<OffsetCommit> offsets) implements OfSubscription {}
}
