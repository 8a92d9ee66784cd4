/**
 * Rewrites what is in sealed segments record by record: {@link io.millrace.rewrite.Rewriter} reads the batches of a
 * partition, {@link io.millrace.rewrite.BatchMerger} makes batches of the records that are kept, with their offsets,
 * and these are written to a segment that shall take the place of others. Which records are kept is decided by
 * {@code compaction} and {@code erasure}.
 */
@ApplicationModule(
        displayName = "rewrite",
        allowedDependencies = {"database", "eventlog", "segment"})
@NullMarked
package io.millrace.rewrite;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
