package io.millrace.eventlog;

/**
 * Where a partition starts and ends.
 *
 * @param epoch raised when a failover may have lost the partition's tail: offsets of different epochs do not compare
 * @param startOffset the first offset that may be read
 * @param nextOffset the offset that the next record will get: the high watermark
 */
public record PartitionBounds(int epoch, long startOffset, long nextOffset) {}
