package io.millrace.segment;

/**
 * What a partition holds, as far as the cleaner has counted.
 *
 * @param bytes of keys, values and headers
 * @param segments how many segments have some of them
 */
public record PartitionSize(long bytes, int segments) {

    /** Of a partition of which nothing has been counted. */
    public static final PartitionSize EMPTY = new PartitionSize(0, 0);
}
