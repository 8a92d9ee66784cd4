package io.millrace.compaction;

/**
 * A partition of a topic that is compacted.
 *
 * @param deleteRetentionMs how long tombstones are kept after compaction has first seen them
 * @param minLagMs how long records are kept whatever comes after them
 */
public record CompactedPartition(int partitionId, long deleteRetentionMs, long minLagMs) {}
