/**
 * What becomes of old records: retention by age and by size, and the cleaner that gives their space back.
 *
 * <p>Records die at once: {@link io.millrace.eventlog.PartitionStarts} moves the start of their partition past them,
 * and no reader finds them any more. Their bytes stay in the segment's table, which holds records of all topics, until
 * the {@link io.millrace.retention.Cleaner} drops the table or, if much of it is alive, copies that and drops it then.
 *
 * <p>The decisions are pure: {@link io.millrace.retention.Cut} says how far retention reaches into a partition,
 * {@link io.millrace.retention.CleaningPlan} which segments are rewritten. The rows are {@code eventlog}'s:
 * {@link io.millrace.segment.SegmentLedger} counts what is in segments, {@link io.millrace.segment.SegmentStore}
 * changes them. {@code docs/decisions/0026-retention.md} says why.
 */
@ApplicationModule(
        displayName = "retention",
        allowedDependencies = {
            "background",
            "compaction",
            "database",
            "erasure",
            "event",
            "eventlog",
            "security",
            "segment",
            "time",
            "topic"
        })
@NullMarked
package io.millrace.retention;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
