/**
 * The way into the log. {@link io.millrace.append.Appender} chooses a partition for each record and hands the request
 * to a lane: a thread with a connection of its own that commits, in one transaction, everything that queued up while
 * its previous commit ran. No timer, no linger: one request alone commits at once, and under load the batches grow by
 * themselves.
 *
 * <p>All requests for a topic go through one lane of a node. That keeps a request whole (one transaction), keeps a
 * producer's order also when it pipelines, and lets no two lanes of a node fight for one partition's head.
 */
@ApplicationModule(
        displayName = "append",
        allowedDependencies = {"background", "event", "eventlog", "time", "topic"})
@NullMarked
package io.millrace.append;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
