/**
 * Compaction: of the records of one key, only the last is kept. {@link io.millrace.compaction.PartitionCompaction}
 * decides which records those are, in a fixed amount of memory, from what it is given;
 * {@link io.millrace.compaction.Compactor} reads sealed segments, writes what is kept to a new one, and lets that take
 * their place.
 *
 * <p>Whether a partition is due is decided by {@link io.millrace.compaction.CompactionPlan}, which is pure.
 */
@ApplicationModule(
        displayName = "compaction",
        allowedDependencies = {"eventlog", "rewrite", "segment"})
@NullMarked
package io.millrace.compaction;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
