package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.PartitionStart;
import io.millrace.fetch.Subscription;
import io.millrace.fetch.Subscriptions;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The topics that one subscription follows with all their partitions, also those that are added later. Of a partition
 * that is added everything is read, from its first record on.
 */
public final class WholeTopics {

    private final Subscriptions subscriptions;
    private final TopicCatalogue catalogue;
    private final Map<String, Topic> followed = new ConcurrentHashMap<>();

    public WholeTopics(Subscriptions subscriptions, TopicCatalogue catalogue) {
        this.subscriptions = subscriptions;
        this.catalogue = catalogue;
    }

    /** Follows all partitions of a topic; blocks. Answers where each begins. */
    public Map<TopicPartition, Long> follow(Subscription subscription, Topic topic, IntFunction<StartPosition> from) {
        Map<TopicPartition, Long> positions = follow(subscription, topic, 0, from);
        followed.put(topic.name(), topic);
        return positions;
    }

    /** Whether {@link #followAdded} should look. Any thread; does not block. */
    public boolean mayHaveGrown() {
        for (Topic known : followed.values()) {
            Topic now = catalogue.cached(known.name());
            if (now == null || now.partitionCount() > known.partitionCount()) {
                return true;
            }
        }
        return false;
    }

    /** Follows the partitions that were added meanwhile; blocks. */
    public Map<TopicPartition, Long> followAdded(Subscription subscription) {
        Map<TopicPartition, Long> added = new LinkedHashMap<>();
        for (Topic known : List.copyOf(followed.values())) {
            Topic now = current(known);
            if (now.id() == known.id() && now.partitionCount() > known.partitionCount()) {
                added.putAll(follow(subscription, now, known.partitionCount(), _ -> new StartPosition.Earliest()));
                followed.put(now.name(), now);
            }
        }
        return added;
    }

    /** Forgets a topic that was deleted. */
    public void forget(String name) {
        followed.remove(name);
    }

    private Topic current(Topic known) {
        try {
            return catalogue.require(known.name());
        } catch (HubException failure) {
            // Deleted: the subscription will hear of it. Or PostgreSQL is away: there will be another look.
            if (failure.error() == HubError.UNKNOWN_TOPIC || failure.error() == HubError.STORAGE_UNAVAILABLE) {
                return known;
            }
            throw failure;
        }
    }

    private Map<TopicPartition, Long> follow(
            Subscription subscription, Topic topic, int first, IntFunction<StartPosition> from) {
        List<PartitionStart> starts = IntStream.range(first, topic.partitionCount())
                .mapToObj(partition -> new PartitionStart(topic, partition, from.apply(partition)))
                .toList();
        return subscriptions.follow(subscription, starts);
    }
}
