package io.millrace.fetch;

import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Opens subscriptions. Blocks; safe for any thread. */
@Component
public class Subscriptions {

    private final TailCache cache;
    private final TailReader reader;
    private final FetchMetrics metrics;
    private final Duration retryInterval;
    private final Ticker ticker;

    Subscriptions(TailCache cache, TailReader reader, FetchMetrics metrics, FetchProperties properties, Ticker ticker) {
        this.cache = cache;
        this.reader = reader;
        this.metrics = metrics;
        this.retryInterval = properties.retryInterval();
        this.ticker = ticker;
    }

    /**
     * A subscription that follows nothing yet; see {@link #follow}.
     *
     * @param share the part of the budget of the connection whose client reads
     */
    public Subscription open(Share share) {
        return open(share.hold(), false);
    }

    /**
     * As {@link #open}, for callers that read a little from each partition and then close the subscription: each
     * partition is read in its turn, not ahead. {@link Subscription#next} fails with {@link HubError#OVERLOADED} if
     * there is no memory.
     *
     * @param hold takes the memory of what is read, until its owner closes it
     */
    public Subscription openForOneCall(Hold hold) {
        return open(hold, true);
    }

    private Subscription open(Hold hold, boolean forOneCall) {
        return new Subscription(cache, reader, metrics, retryInterval, ticker, hold, forOneCall);
    }

    /**
     * Lets a subscription follow partitions. The live end is watched before the positions are looked up, so no record
     * falls between history and the live end. However many partitions there are, their bounds are read in one query, or
     * in two if some of them have not been read lately.
     *
     * @return the offsets at which they begin, in the given order. An offset outside its partition is not refused here:
     *     the subscription's first delivery for the partition is a {@link Delivery.Reset}
     * @throws HubException {@link HubError#UNKNOWN_TOPIC} if a partition no longer exists, or
     *     {@link HubError#STORAGE_UNAVAILABLE}; then the subscription follows what it followed before
     */
    public Map<TopicPartition, Long> follow(Subscription subscription, List<PartitionStart> starts) {
        return follow(subscription, starts, true);
    }

    /** As {@link #follow}, but partitions that no longer exist are left out. */
    public Map<TopicPartition, Long> followExisting(Subscription subscription, List<PartitionStart> starts) {
        return follow(subscription, starts, false);
    }

    private Map<TopicPartition, Long> follow(Subscription subscription, List<PartitionStart> starts, boolean all) {
        List<Watched> watched = new ArrayList<>();
        boolean following = false;
        try {
            watch(subscription.signal(), starts, watched);
            Map<Integer, PartitionBounds> bounds = bounds(starts);
            List<TailStart> followed = new ArrayList<>();
            for (Watched partition : watched) {
                PartitionBounds now = bounds.get(partition.tail().partitionId());
                if (now == null) {
                    cache.unwatch(partition.tail(), subscription.signal());
                } else {
                    followed.add(follow(partition, now));
                }
            }
            if (all && followed.size() < starts.size()) {
                throw TailReader.deleted();
            }
            subscription.follow(followed);
            following = true;
            Map<TopicPartition, Long> positions = new LinkedHashMap<>();
            followed.forEach(partition -> positions.put(partition.name(), partition.position()));
            return positions;
        } finally {
            if (!following) {
                watched.forEach(partition -> cache.unwatch(partition.tail(), subscription.signal()));
            }
        }
    }

    private TailStart follow(Watched partition, PartitionBounds now) {
        partition.tail().advanced(now);
        long position = reader.positionOf(
                partition.tail().partitionId(), partition.start().from(), now);
        return new TailStart(
                partition.start().name(),
                partition.tail(),
                position,
                partition.start().expired());
    }

    /** Watches the partitions that exist, or existed when they were last read. */
    private void watch(Signal signal, List<PartitionStart> starts, List<Watched> watched) {
        Map<Integer, PartitionBounds> unread = bounds(starts.stream()
                .filter(start -> cache.known(start.partitionId()) == null)
                .toList());
        for (PartitionStart start : starts) {
            int partitionId = start.partitionId();
            PartitionBounds read = unread.get(partitionId);
            if (read != null) {
                watched.add(new Watched(start, cache.watch(partitionId, signal, () -> read)));
            } else if (cache.known(partitionId) != null) {
                watched.add(new Watched(start, cache.watch(partitionId, signal, () -> reader.bounds(partitionId))));
            }
        }
    }

    private Map<Integer, PartitionBounds> bounds(List<PartitionStart> starts) {
        return reader.bounds(starts.stream().map(PartitionStart::partitionId).toList());
    }

    private record Watched(PartitionStart start, PartitionTail tail) {}
}
