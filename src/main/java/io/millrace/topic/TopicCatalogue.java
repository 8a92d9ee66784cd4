package io.millrace.topic;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What this node remembers of topics, for those who need one with every request. Safe for all threads.
 *
 * <p>Every remembered topic is at least as new as {@link #checkedVersion}, the version of the catalogue table that
 * {@link #refresh()} last compared everything with. So a change on another node is noticed by the next refresh after
 * its commit, and one on this node at once, as it is forgotten here. Reads from the database that were begun before
 * something was forgotten are answered but not remembered. While the database is away everything remembered stays.
 */
@Component
public class TopicCatalogue {

    private final TopicReader reader;
    private final SharedReads reads;
    private final int maxCached;
    private final ConcurrentHashMap<String, Topic> cached = new ConcurrentHashMap<>();

    /** Guards every change of what is remembered. */
    private final ReentrantLock change = new ReentrantLock();

    /** Raised whenever something read earlier may have become too old to be remembered. */
    private long generation;

    private long checkedVersion = Long.MIN_VALUE;

    TopicCatalogue(TopicReader reader, TopicProperties properties) {
        this.reader = reader;
        this.reads = new SharedReads(this::load);
        this.maxCached = properties.maxCached();
    }

    /** The topic if this node remembers it. Never blocks. */
    public @Nullable Topic cached(String name) {
        return cached.get(name);
    }

    /**
     * The topic, from memory or else from the database, for which it blocks.
     *
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}, {@link HubError#STORAGE_UNAVAILABLE}
     */
    public Topic require(String name) {
        Topic known = cached.get(name);
        if (known != null) {
            return known;
        }
        if (!TopicName.isValid(name)) {
            throw Topics.unknown(name);
        }
        Topic read = reads.read(name);
        if (read == null) {
            throw Topics.unknown(name);
        }
        return read;
    }

    /**
     * The topic to which a partition of the log belongs; empty if it was deleted, or its name is another topic's now.
     * What this node remembers may be from before the topic grew, so it asks the database, for which it blocks.
     *
     * @throws HubException {@link HubError#STORAGE_UNAVAILABLE}
     */
    public Optional<Topic> find(TopicPartition name, int partitionId) {
        try {
            Topic known = require(name.topic());
            if (known.has(name.partition(), partitionId)) {
                return Optional.of(known);
            }
            invalidate(name.topic());
            return Optional.of(require(name.topic())).filter(read -> read.has(name.partition(), partitionId));
        } catch (HubException failure) {
            if (failure.error() == HubError.UNKNOWN_TOPIC) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** The version of the catalogue that all that is remembered has; another one when a topic may have been created. */
    public long version() {
        return checkedVersion();
    }

    /** Forgets a topic, so that the next look asks the database: for those who find that a partition is gone. */
    public void invalidate(String name) {
        change.lock();
        try {
            generation++;
            cached.remove(name);
            reads.forget(name);
        } finally {
            change.unlock();
        }
    }

    /**
     * One comparison with the database: what was changed or deleted on other nodes is replaced or forgotten.
     *
     * @return whether the catalogue has another version than at the last comparison
     */
    boolean refresh() {
        long version = reader.version();
        if (version == checkedVersion()) {
            return false;
        }
        Map<String, Topic> checked = Map.copyOf(cached);
        Map<String, Topic> fresh = reader.refreshed(checked);
        replace(version, checked, fresh);
        return true;
    }

    private void replace(long version, Map<String, Topic> checked, Map<String, Topic> fresh) {
        change.lock();
        try {
            // What came in since the comparison began may be older than the version: it is forgotten, too.
            cached.replaceAll((name, topic) -> topic == checked.get(name) ? fresh.getOrDefault(name, topic) : topic);
            cached.values().removeIf(topic -> topic != fresh.get(topic.name()));
            checkedVersion = version;
            generation++;
        } finally {
            change.unlock();
        }
    }

    private @Nullable Topic load(String name) {
        long begun = generation();
        List<Topic> found = reader.read(List.of(name));
        if (found.isEmpty()) {
            return null;
        }
        Topic topic = found.getFirst();
        change.lock();
        try {
            if (generation == begun && cached.size() < maxCached) {
                cached.put(name, topic);
            }
        } finally {
            change.unlock();
        }
        return topic;
    }

    private long generation() {
        change.lock();
        try {
            return generation;
        } finally {
            change.unlock();
        }
    }

    private long checkedVersion() {
        change.lock();
        try {
            return checkedVersion;
        } finally {
            change.unlock();
        }
    }
}
