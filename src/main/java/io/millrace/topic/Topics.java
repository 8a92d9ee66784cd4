package io.millrace.topic;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.eventlog.LogReader;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.segment.PartitionSize;
import io.millrace.segment.SegmentLedger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/**
 * Creates, describes, changes and deletes topics. Calls block while they ask the database.
 *
 * <p>They throw {@link HubException} with {@link HubError#STORAGE_UNAVAILABLE} if the database is away, and those that
 * change something with {@link HubError#OUTCOME_UNKNOWN} if it went away during the commit. This node's
 * {@link TopicCatalogue} sees changes made here at once.
 */
@Component
public class Topics {

    /** Sorts after every name, as names are ASCII. */
    private static final String AFTER_ALL = "\u007f";

    private final TopicRepository topics;
    private final Partitions partitions;
    private final SegmentLedger ledger;
    private final LogReader reader;
    private final TopicTransactions transactions;
    private final TopicCatalogue catalogue;
    private final TopicProperties properties;

    Topics(
            TopicRepository topics,
            Partitions partitions,
            SegmentLedger ledger,
            LogReader reader,
            TopicTransactions transactions,
            TopicCatalogue catalogue,
            TopicProperties properties) {
        this.topics = topics;
        this.partitions = partitions;
        this.ledger = ledger;
        this.reader = reader;
        this.transactions = transactions;
        this.catalogue = catalogue;
        this.properties = properties;
    }

    /**
     * Creates a topic with empty partitions.
     *
     * @throws HubException {@link HubError#INVALID_TOPIC_NAME}, {@link HubError#INVALID_PARTITIONS},
     *     {@link HubError#TOPIC_EXISTS}
     */
    public Topic create(String name, int partitionCount, TopicConfig config) {
        TopicName.check(name);
        checkCount(partitionCount);
        return change(name, () -> {
            // The version is raised first: its lock lets creators in one at a time, so the look-up below is exact.
            transactions.raiseVersion();
            if (topics.findByName(name).isPresent()) {
                throw new HubException(HubError.TOPIC_EXISTS, "topic " + name + " already exists");
            }
            return topics.saveAndFlush(new TopicEntity(name, config, createPartitions(partitionCount, config)))
                    .toTopic();
        });
    }

    /**
     * A topic as it is in the database now.
     *
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}
     */
    public Topic find(String name) {
        checkValid(name);
        return transactions.read(
                () -> topics.findByName(name).orElseThrow(() -> unknown(name)).toTopic());
    }

    /**
     * A topic with what is in its partitions.
     *
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}
     */
    public TopicDescription describe(String name) {
        checkValid(name);
        return transactions.read(() -> {
            Topic topic =
                    topics.findByName(name).orElseThrow(() -> unknown(name)).toTopic();
            Map<Integer, PartitionBounds> bounds = partitions.bounds(topic.partitionIds());
            Map<Integer, PartitionSize> sizes = ledger.sizes(topic.partitionIds());
            Map<Integer, Long> oldest = oldestTimestamps(bounds);
            List<PartitionDescription> described = new ArrayList<>(topic.partitionCount());
            for (int id : topic.partitionIds()) {
                PartitionBounds found = bounds.get(id);
                if (found == null) { // deleted between the queries
                    throw unknown(name);
                }
                described.add(
                        new PartitionDescription(found, sizes.getOrDefault(id, PartitionSize.EMPTY), oldest.get(id)));
            }
            return new TopicDescription(topic, List.copyOf(described));
        });
    }

    /** By partition id; partitions without a record that may be read are left out. */
    private Map<Integer, Long> oldestTimestamps(Map<Integer, PartitionBounds> bounds) {
        Map<Integer, Long> starts = new HashMap<>();
        bounds.forEach((id, inside) -> {
            if (inside.start() < inside.readable()) {
                starts.put(id, inside.start());
            }
        });
        return reader.timestamps(starts);
    }

    /**
     * The first topics whose names begin with a prefix, in the order of their names.
     *
     * @param most at most this many
     * @param after names up to and including this one are left out; no topic of that name need exist
     * @throws HubException {@link HubError#INVALID_REQUEST} for a prefix or {@code after} that no name begins with
     */
    List<TopicSummary> list(String prefix, int most, String after) {
        checkPart("prefix", prefix);
        checkPart("after", after);
        return transactions.read(() -> {
            var rows = topics.findPage(after, prefix, prefix + AFTER_ALL, Limit.of(most));
            return rows.stream()
                    .map(row -> row.topic().toSummary(row.partitionCount()))
                    .toList();
        });
    }

    /** The version of the catalogue in the database; every change of any topic raises it. */
    public long version() {
        return transactions.read(transactions::version);
    }

    /**
     * The topics of these names and patterns as they are in the database now, in the order of their names.
     *
     * @param names names of topics, of which those that do not exist are left out, and patterns, see {@link #isPattern}
     */
    public List<Topic> subscribed(Collection<String> names) {
        return transactions.read(() -> {
            SortedMap<String, Topic> found = new TreeMap<>();
            List<String> exact = names.stream().filter(name -> !isPattern(name)).toList();
            topics.findByNameIn(exact).forEach(row -> found.put(row.toTopic().name(), row.toTopic()));
            names.stream().filter(Topics::isPattern).forEach(pattern -> topics.findByNameLike(TopicName.like(pattern))
                    .forEach(row -> found.put(row.toTopic().name(), row.toTopic())));
            return List.copyOf(found.values());
        });
    }

    /** Whether a subscribed name is a pattern: it contains {@code *}, which stands for any run of characters. */
    public static boolean isPattern(String name) {
        return name.indexOf('*') >= 0;
    }

    /** Whether a text is a valid topic name, or a pattern that a valid topic name could match. */
    public static boolean isSubscribable(String name) {
        return TopicName.isValid(name) || TopicName.isPattern(name);
    }

    /** Whether a pattern matches the name of a topic; a plain name matches itself. */
    public static boolean matches(String pattern, String name) {
        return TopicName.matches(pattern, name);
    }

    /**
     * Changes the configuration and the number of partitions.
     *
     * @param precondition whether the topic in its present state may be changed; tested under the lock of its row
     * @param partitionCount the new number of partitions, no smaller than the present one
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}, {@link HubError#PRECONDITION_FAILED},
     *     {@link HubError#INVALID_PARTITIONS}
     */
    public Topic update(String name, Predicate<Topic> precondition, ConfigPatch patch, OptionalInt partitionCount) {
        checkValid(name);
        partitionCount.ifPresent(this::checkCount);
        return change(name, () -> {
            TopicEntity entity = topics.lockByName(name).orElseThrow(() -> unknown(name));
            Topic before = entity.toTopic();
            if (!precondition.test(before)) {
                throw new HubException(
                        HubError.PRECONDITION_FAILED, "topic " + name + " has been changed: read it and try again");
            }
            TopicConfig config = patch.applyTo(before.config());
            int added = partitionCount.orElse(before.partitionCount()) - before.partitionCount();
            if (added < 0) {
                throw tooFew(before.partitionCount());
            }
            if (added == 0 && config.equals(before.config())) {
                return before;
            }
            entity.configure(config);
            if (added > 0) {
                entity.grow(createPartitions(added, config));
            }
            if (config.minInsyncReplicas() != before.config().minInsyncReplicas()) {
                partitions.requireCopies(before.partitionIds(), config.minInsyncReplicas());
            }
            transactions.raiseVersion();
            // Its version is known once the change has been flushed.
            return entity.toTopic();
        });
    }

    private List<Integer> createPartitions(int count, TopicConfig config) {
        List<Integer> ids = partitions.create(count);
        if (config.minInsyncReplicas() > 1) {
            partitions.requireCopies(ids, config.minInsyncReplicas());
        }
        return ids;
    }

    /**
     * Deletes a topic with all its records; waits for appends to it that are in progress.
     *
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}, {@link HubError#PRECONDITION_FAILED}
     */
    public void delete(String name, Predicate<Topic> precondition) {
        checkValid(name);
        change(name, () -> {
            TopicEntity entity = topics.lockByName(name).orElseThrow(() -> unknown(name));
            Topic topic = entity.toTopic();
            if (!precondition.test(topic)) {
                throw new HubException(HubError.PRECONDITION_FAILED, "topic " + name + " has been changed");
            }
            partitions.delete(topic.partitionIds());
            topics.delete(entity);
            transactions.raiseVersion();
            return topic;
        });
    }

    /** The error for a topic that does not exist. */
    public static HubException unknown(String name) {
        // An invalid name is not repeated in the answer: it could contain anything.
        return new HubException(
                HubError.UNKNOWN_TOPIC,
                TopicName.isValid(name) ? "there is no topic " + name : "there is no topic of that name");
    }

    private Topic change(String name, Supplier<Topic> work) {
        try {
            return transactions.write(work);
        } finally {
            catalogue.invalidate(name); // also after a failure: the change may have been committed
        }
    }

    private void checkCount(int count) {
        if (count < 1 || count > properties.maxPartitions()) {
            throw invalidPartitions("a topic has 1 to " + properties.maxPartitions() + " partitions");
        }
    }

    private static HubException tooFew(int present) {
        return invalidPartitions("the topic has " + present + " partitions, and their number can only grow");
    }

    private static HubException invalidPartitions(String detail) {
        return new HubException(HubError.INVALID_PARTITIONS, Place.field("partitions"), "invalid_partitions", detail);
    }

    /** An invalid name need not be looked up, and some of them PostgreSQL would refuse with an error. */
    private static void checkValid(String name) {
        if (!TopicName.isValid(name)) {
            throw unknown(name);
        }
    }

    private static void checkPart(String parameter, String value) {
        if (!TopicName.isPart(value)) {
            String detail = parameter + " must be a part of a topic name: " + TopicName.RULE;
            throw new HubException(
                    HubError.INVALID_REQUEST, new Place.Parameter(parameter), "invalid_parameter", detail);
        }
    }
}
