package io.millrace.segment;

/**
 * What a partition has in a segment, as far as the cleaner has counted.
 *
 * @param firstOffset where the partition entered the segment
 * @param countedFrom batches that end before this are dead, and not counted
 * @param countedTo the offset after the last batch that is counted
 * @param bytes of keys, values and headers in the batches that are counted
 * @param newestMillis from when the age of the newest of these batches counts, in milliseconds since the epoch
 * @param sealed whether the segment cannot grow, so that all its batches are counted
 * @param startOffset where the partition starts
 * @param compacted whether compaction has been here
 * @param tombstonesSinceMillis when compaction first saw the oldest tombstone; 0: it has not, or there is none
 */
public record Holding(
        int partitionId,
        int segment,
        long firstOffset,
        long countedFrom,
        long countedTo,
        long bytes,
        long newestMillis,
        boolean sealed,
        long startOffset,
        boolean compacted,
        long tombstonesSinceMillis) {}
