package io.millrace.compaction;

import java.time.Instant;

/**
 * How a partition is compacted.
 *
 * @param startOffset records before it are dead
 * @param runAt when this compaction began, by PostgreSQL's clock
 * @param tombstonesBefore tombstones that compaction first saw before this go
 * @param keepsLast whether the last record stays whatever it is: no other comes after it in the partition
 */
record CompactionTerms(long startOffset, Instant runAt, Instant tombstonesBefore, boolean keepsLast) {}
