/**
 * The way out of the log. The newest batches of every partition that somebody reads are kept in memory
 * ({@code TailCache}), filled by this node's own commits and, after another node's, by one read for all readers.
 * {@link io.millrace.fetch.PartitionReader} answers single reads, {@link io.millrace.fetch.Subscription} follows
 * partitions.
 *
 * <p>Readers run on virtual threads and may block; nothing here knows who they are.
 */
@ApplicationModule(
        displayName = "fetch",
        allowedDependencies = {"background", "budget", "database", "event", "eventlog", "time", "topic"})
@NullMarked
package io.millrace.fetch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
