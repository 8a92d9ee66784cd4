package io.millrace.group.admin;

/** Where a group is to be moved. What lies outside of a partition is moved to its nearer end. */
public sealed interface ResetTarget {

    /** The oldest record. */
    record Earliest() implements ResetTarget {}

    /** Behind the newest record. */
    record Latest() implements ResetTarget {}

    record Offset(long nextOffset) implements ResetTarget {}

    /** The first record that is not older; milliseconds since the epoch. */
    record Timestamp(long timestamp) implements ResetTarget {}

    /** So many records on from where the group stands; back, if negative. */
    record Shift(long records) implements ResetTarget {}
}
