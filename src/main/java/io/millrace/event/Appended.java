package io.millrace.event;

/**
 * Where the records of a request are stored, in the order of the request.
 *
 * @param partitions each record's partition
 * @param offsets each record's offset
 */
public record Appended(int[] partitions, long[] offsets) {

    /** The answer to {@link Acks#NONE}: partitions and offsets are not known. */
    public static final Appended NOTHING_KNOWN = new Appended(new int[0], new long[0]);
}
