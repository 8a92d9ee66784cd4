/**
 * The segments of the log once appends no longer go to them: what they hold, how they are sealed, replaced and dropped.
 * What is due is decided by {@code retention}; {@code eventlog} begins segments and knows how to read what is in them.
 *
 * <p>{@link io.millrace.segment.SegmentLedger} counts batches. {@link io.millrace.segment.SegmentStore} changes
 * segments, for the one node that holds the lock of {@link io.millrace.segment.Segments}. Of the log's tables this
 * package owns the counts in {@code segment_start}, the states in {@code segment}, and {@code cleaning}; it copies
 * batches, and never changes one.
 */
@ApplicationModule(
        displayName = "segment",
        allowedDependencies = {"cluster", "database"})
@NullMarked
package io.millrace.segment;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
