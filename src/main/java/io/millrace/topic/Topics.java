package io.millrace.topic;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import java.util.ArrayList;
import java.util.Collection;
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
 * Creates, describes, changes and deletes topics. Every call asks the database and blocks meanwhile.
 *
 * <p>All calls throw {@link HubException} with {@link HubError#STORAGE_UNAVAILABLE} when the database is away, and
 * those that change something with {@link HubError#OUTCOME_UNKNOWN} when it went away during the commit. What has been
 * changed here is seen at once in this node's {@link TopicCatalogue}.
 */
@Component
public class Topics {

    /** Sorts after every name, as names are ASCII. */
    private static final String AFTER_ALL = "\u007f";

    private final TopicRepository topics;
    private final Partitions partitions;
    private final TopicTransactions transactions;
    private final TopicCatalogue catalogue;
    private final TopicProperties properties;

    Topics(
            TopicRepository topics,
            Partitions partitions,
            TopicTransactions transactions,
            TopicCatalogue catalogue,
            TopicProperties properties) {
        this.topics = topics;
        this.partitions = partitions;
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
            // The version is raised first: it lets one creator in after the other, so the look-up below is exact.
            transactions.raiseVersion();
            if (topics.findByName(name).isPresent()) {
                throw new HubException(HubError.TOPIC_EXISTS, "there is a topic " + name + " already");
            }
            return topics.saveAndFlush(new TopicEntity(name, config, partitions.create(partitionCount)))
                    .toTopic();
        });
    }

    /**
     * A topic with the bounds of its partitions.
     *
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}
     */
    public TopicDescription describe(String name) {
        checkKnowable(name);
        return transactions.read(() -> {
            Topic topic =
                    topics.findByName(name).orElseThrow(() -> unknown(name)).toTopic();
            Map<Integer, PartitionBounds> byId = partitions.bounds(topic.partitionIds());
            List<PartitionBounds> bounds = new ArrayList<>(topic.partitionCount());
            for (int id : topic.partitionIds()) {
                PartitionBounds found = byId.get(id);
                if (found == null) { // deleted between the two queries
                    throw unknown(name);
                }
                bounds.add(found);
            }
            return new TopicDescription(topic, List.copyOf(bounds));
        });
    }

    /**
     * The first topics whose names begin with a prefix, in the order of their names.
     *
     * @param after names up to this one are left out; no topic of that name need exist
     * @throws HubException {@link HubError#INVALID_REQUEST} for a prefix or an end that no name could have
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

    /** The version of the catalogue: it rises with every change of any topic. */
    public long version() {
        return transactions.read(transactions::version);
    }

    /**
     * The topics of those names and patterns as they are in the database right now, in the order of their names.
     *
     * @param names of topics; those that do not exist are left out. One with {@code *} is a pattern, see
     *     {@link #isPattern}
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

    /** Whether a subscription's name stands for many topics: it has a {@code *}, for any run of characters. */
    public static boolean isPattern(String name) {
        return name.indexOf('*') >= 0;
    }

    /** Whether a name could be that of a topic, or a pattern that some topic's name could match. */
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
     * @param precondition whether the topic as it is now may be changed; asked under the lock of its row
     * @param partitionCount the new number of partitions, no smaller than the present one
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}, {@link HubError#PRECONDITION_FAILED},
     *     {@link HubError#INVALID_PARTITIONS}
     */
    public Topic update(String name, Predicate<Topic> precondition, ConfigPatch patch, OptionalInt partitionCount) {
        checkKnowable(name);
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
                entity.grow(partitions.create(added));
            }
            transactions.raiseVersion();
            return entity.toTopic();
        });
    }

    /**
     * Deletes a topic with all its records, after the appends to it that are under way.
     *
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}, {@link HubError#PRECONDITION_FAILED}
     */
    public void delete(String name, Predicate<Topic> precondition) {
        checkKnowable(name);
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

    static HubException unknown(String name) {
        // What no topic may be called is not repeated: it could hold anything.
        return new HubException(
                HubError.UNKNOWN_TOPIC,
                TopicName.isValid(name) ? "there is no topic " + name : "there is no topic of that name");
    }

    private Topic change(String name, Supplier<Topic> work) {
        try {
            return transactions.write(work);
        } finally {
            catalogue.invalidate(name); // also after a failure: it may have been committed
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

    /** A name that no topic may have need not be looked for; PostgreSQL would refuse some of them with an error. */
    private static void checkKnowable(String name) {
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
