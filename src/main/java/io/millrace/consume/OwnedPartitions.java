package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.PartitionStart;
import io.millrace.fetch.Subscription;
import io.millrace.fetch.Subscriptions;
import io.millrace.group.Owned;
import io.millrace.security.Caller;
import io.millrace.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.springframework.stereotype.Component;

/** Lets subscriptions follow what members own. Blocks; safe for any thread. */
@Component
final class OwnedPartitions {

    private final TopicCatalogue catalogue;
    private final Subscriptions subscriptions;
    private final MemberAccess access;

    OwnedPartitions(TopicCatalogue catalogue, Subscriptions subscriptions, MemberAccess access) {
        this.catalogue = catalogue;
        this.subscriptions = subscriptions;
        this.access = access;
    }

    /**
     * Follows those that exist and whose topics this node knows.
     *
     * @param from the offset at which to begin in each
     * @param expired where to go on in those whose next record has expired: as the member has said when it joined
     * @return what is followed now, and from where
     * @throws HubException if the caller may not read one of the topics; {@link HubError#STORAGE_UNAVAILABLE}
     */
    Map<TopicPartition, Long> follow(
            Caller caller,
            Subscription subscription,
            List<Owned> partitions,
            ToLongFunction<Owned> from,
            StartPosition expired) {
        access.checkTopics(
                caller, partitions.stream().map(owned -> owned.name().topic()).toList());
        List<PartitionStart> starts = new ArrayList<>();
        for (Owned owned : partitions) {
            StartPosition start = new StartPosition.AtOffset(from.applyAsLong(owned));
            catalogue
                    .find(owned.name(), owned.partitionId())
                    .ifPresent(topic ->
                            starts.add(new PartitionStart(topic, owned.name().partition(), start, expired)));
        }
        return starts.isEmpty() ? Map.of() : subscriptions.followExisting(subscription, starts);
    }

    /**
     * Whether the group is to go where a reset leads, before the member commits. The end is elsewhere every time: if
     * the group kept its expired offset, the next reader would skip the records that have come since this reset.
     */
    static boolean isToBeStored(Delivery.Reset reset, StartPosition expired) {
        return reset.expired() && expired instanceof StartPosition.Latest;
    }
}
