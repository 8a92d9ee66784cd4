package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Subscription;
import io.millrace.security.Caller;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The topics that one subscription follows with all their partitions, also those that are added later, and those of a
 * topic that is created anew after it was deleted. Added partitions are read from their first record on.
 */
public final class WholeTopics {

    private static final long NEVER = -1;

    private final Reading reading;
    private final TopicCatalogue catalogue;
    private final Caller caller;
    private final Map<String, Topic> followed = new ConcurrentHashMap<>();

    /** Topics that were deleted, with the version of the catalogue in which there was no other of their name. */
    private final Map<String, Long> gone = new ConcurrentHashMap<>();

    WholeTopics(Reading reading, TopicCatalogue catalogue, Caller caller) {
        this.reading = reading;
        this.catalogue = catalogue;
        this.caller = caller;
    }

    /** Follows all partitions of a topic; blocks. Returns where each begins. */
    public Map<TopicPartition, Long> follow(
            Subscription subscription, TopicRecords records, IntFunction<StartPosition> from) {
        Map<TopicPartition, Long> positions = follow(subscription, records, 0, from);
        followed.put(records.topic().name(), records.topic());
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
            TopicRecords records = current(known);
            if (records != null
                    && records.topic().id() == known.id()
                    && records.topic().partitionCount() > known.partitionCount()) {
                added.putAll(follow(subscription, records, known.partitionCount(), _ -> new StartPosition.Earliest()));
                followed.put(known.name(), records.topic());
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
                    follow(subscription, reading.require(caller, name), _ -> new StartPosition.Earliest());
            gone.remove(name);
            return positions;
        } catch (HubException failure) {
            if (failure.error() == HubError.UNKNOWN_TOPIC) {
                gone.put(name, version);
            } else if (!failure.error().passes()) {
                throw failure;
            }
            return Map.of();
        }
    }

    private @Nullable TopicRecords current(Topic known) {
        try {
            return reading.require(caller, known.name());
        } catch (HubException failure) {
            // Deleted: the subscription will hear of it. Or PostgreSQL is away: there will be another look.
            if (failure.error() == HubError.UNKNOWN_TOPIC || failure.error().passes()) {
                return null;
            }
            throw failure;
        }
    }

    private static Map<TopicPartition, Long> follow(
            Subscription subscription, TopicRecords records, int first, IntFunction<StartPosition> from) {
        List<Integer> partitions =
                IntStream.range(first, records.topic().partitionCount()).boxed().toList();
        return records.follow(subscription, partitions, from);
    }
}
