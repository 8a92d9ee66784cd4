/**
 * The catalogue of topics: their names, their settings, and the partitions of the log that belong to them. Metadata is
 * small and changes rarely, so JPA is used for it. Entities stay in this package; it hands out the records
 * {@link io.millrace.topic.Topic} and {@link io.millrace.topic.TopicConfig}.
 *
 * <p>{@link io.millrace.topic.Topics} changes topics in the database and describes them from it. Protocols call it
 * through {@link io.millrace.topic.TopicAdmin}, which checks the caller's permission. Producing and reading use
 * {@link io.millrace.topic.TopicCatalogue}, a cache: it sees changes of other nodes at the latest after
 * {@code millrace.topics.refresh-interval}, and keeps answering while the database is away.
 *
 * <p>Every transaction that changes a topic raises the version in the one row of {@code topic_catalogue} and locks that
 * row until its commit. So a node that reads version <i>v</i> there sees all changes up to <i>v</i>, and can check its
 * cache with one small query.
 */
@ApplicationModule(
        displayName = "topic",
        allowedDependencies = {"background", "cluster", "database", "event", "eventlog", "security", "segment", "time"})
@NullMarked
package io.millrace.topic;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
