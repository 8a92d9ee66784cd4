package io.millrace.fetch;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.topic.Topic;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Opens subscriptions. Blocks; safe for any thread. */
@Component
public class Subscriptions {

    private final TailCache cache;
    private final TailReader reader;
    private final FetchMetrics metrics;
    private final Duration retryInterval;

    Subscriptions(TailCache cache, TailReader reader, FetchMetrics metrics, FetchProperties properties) {
        this.cache = cache;
        this.reader = reader;
        this.metrics = metrics;
        this.retryInterval = properties.retryInterval();
    }

    /** A subscription that follows nothing yet; see {@link #follow}. */
    public Subscription open() {
        return new Subscription(cache, reader, metrics, retryInterval, new Signal());
    }

    /**
     * Lets a subscription follow one partition. The live end is watched before the position is looked up, so nothing
     * falls between history and what comes live.
     *
     * @return the offset at which it begins. One outside of the partition is not refused here: the subscription's first
     *     delivery says that it was reset
     * @throws io.millrace.event.HubException if the partition does not exist or PostgreSQL is away
     */
    public long follow(Subscription subscription, Topic topic, int partition, StartPosition from) {
        int partitionId = topic.partitionId(partition);
        PartitionTail tail = cache.watch(partitionId, subscription.signal(), () -> reader.bounds(partitionId));
        try {
            PartitionBounds bounds = reader.bounds(partitionId);
            tail.advanced(bounds);
            long position = reader.positionOf(partitionId, from, bounds);
            subscription.follow(new TopicPartition(topic.name(), partition), tail, position);
            return position;
        } catch (RuntimeException failure) {
            cache.unwatch(tail, subscription.signal());
            throw failure;
        }
    }
}
