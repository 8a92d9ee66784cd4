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
 * This node's cache of topics, for callers that need one with every request. Safe for any thread.
 *
 * <p>Every cached topic is at least as new as {@link #checkedVersion}, the version of the catalogue table with which
 * {@link #refresh()} last compared the cache. So the next refresh after a commit on another node finds the change; a
 * topic changed on this node is removed from the cache at once. A read from the database that began before a removal is
 * answered but not cached. While the database is away everything stays cached.
 */
@Component
public class TopicCatalogue {

    private final TopicReader reader;
    private final SharedReads reads;
    private final int maxCached;
    private final ConcurrentHashMap<String, Topic> cached = new ConcurrentHashMap<>();

    /** Guards all changes of the cache. */
    private final ReentrantLock change = new ReentrantLock();

    /** Raised whenever reads that have begun may have become too old to be cached. */
    private long generation;

    private long checkedVersion = Long.MIN_VALUE;

    TopicCatalogue(TopicReader reader, TopicProperties properties) {
        this.reader = reader;
        this.reads = new SharedReads(this::load);
        this.maxCached = properties.maxCached();
    }

    /** The topic if it is cached. Never blocks. */
    public @Nullable Topic cached(String name) {
        return cached.get(name);
    }

    /**
     * The topic, from the cache or else from the database. Blocks while it asks the database.
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
     * The topic to which a partition of the log belongs; empty if the topic was deleted, or another topic has its name
     * now. A cached topic may be from before the topic grew: then it asks the database, and blocks meanwhile.
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

    /** The version that the cache was last compared with; it changes when a topic may have been created. */
    public long version() {
        return checkedVersion();
    }

    /** Removes a topic from the cache, so that the next look-up asks the database: for callers that find it deleted. */
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
     * Compares the cache with the database: topics changed or deleted on other nodes are replaced or removed.
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
            // A topic that was cached after the comparison began may be older than the version: it is removed, too.
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
