/**
 * The way into the log. {@link io.millrace.append.Appender} chooses a partition for each record and hands the request
 * to a lane: a thread with a connection of its own that commits, in one transaction, everything that queued up while
 * its previous commit ran, up to {@code millrace.append.max-commit}. There is no linger: a single request commits at
 * once, and under load batches grow by themselves.
 *
 * <p>All requests for a topic go through one lane of a node. So a request is one transaction, a producer that pipelines
 * keeps its order, and no two lanes of a node wait for the lock of the same partition's head.
 */
@ApplicationModule(
        displayName = "append",
        allowedDependencies = {"background", "event", "eventlog", "replication", "time", "topic"})
@NullMarked
package io.millrace.append;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
