/**
 * The catalogue of topics: their names, their settings and which partitions of the log are theirs. Metadata is rare and
 * small, so it is kept with JPA; entities stay in this package, the records {@link io.millrace.topic.Topic} and
 * {@link io.millrace.topic.TopicConfig} leave it.
 *
 * <p>{@link io.millrace.topic.Topics} changes and describes topics, always from the database; protocols use it by way
 * of {@link io.millrace.topic.TopicAdmin}, which asks what the caller may do. {@link io.millrace.topic.TopicCatalogue}
 * is what the paths of records look at: it answers from memory, which lags behind changes made on other nodes by no
 * more than its refresh interval, and goes on answering while the database is away.
 *
 * <p>Every transaction that changes a topic raises the one row of {@code topic_catalogue} last, and holds it to commit.
 * So a node that reads version <i>v</i> there sees all changes up to <i>v</i>, and can check what it remembers with one
 * tiny query.
 */
@ApplicationModule(
        displayName = "topic",
        allowedDependencies = {"background", "cluster", "database", "event", "eventlog", "security", "time"})
@NullMarked
package io.millrace.topic;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
