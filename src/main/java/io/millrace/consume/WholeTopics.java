package io.millrace.consume;

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
 * The topics that one subscription follows with all their partitions, also those that are added later, and those of a
 * topic that is created anew after it was deleted. Of a partition that is added everything is read, from its first
 * record on.
 */
public final class WholeTopics {

    private static final long NEVER = -1;

    private final Subscriptions subscriptions;
    private final TopicCatalogue catalogue;
    private final Map<String, Topic> followed = new ConcurrentHashMap<>();

    /** Topics that were deleted, with the version of the catalogue in which there was no other of their name. */
    private final Map<String, Long> gone = new ConcurrentHashMap<>();

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
        long version = gone.isEmpty() ? 0 : catalogue.version();
        return gone.values().stream().anyMatch(seen -> seen != version);
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
        for (String name : List.copyOf(gone.keySet())) {
            added.putAll(followAnew(subscription, name));
        }
        return added;
    }

    /** A topic was deleted: one that is created by its name is followed from its start. */
    public void removed(String name) {
        if (followed.remove(name) != null) {
            gone.put(name, NEVER);
        }
    }

    /** Not before all of its partitions are gone: the new ones have the same names. */
    private Map<TopicPartition, Long> followAnew(Subscription subscription, String name) {
        long version = catalogue.version();
        Long seen = gone.get(name);
        if (seen == null || seen == version) {
            return Map.of();
        }
        if (subscription.positions().keySet().stream()
                .anyMatch(partition -> partition.topic().equals(name))) {
            return Map.of();
        }
        try {
            Map<TopicPartition, Long> positions =
                    follow(subscription, catalogue.require(name), _ -> new StartPosition.Earliest());
            gone.remove(name);
            return positions;
        } catch (HubException failure) {
            if (failure.error() == HubError.UNKNOWN_TOPIC) {
                gone.put(name, version);
            } else if (failure.error() != HubError.STORAGE_UNAVAILABLE) {
                throw failure;
            }
            return Map.of();
        }
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
