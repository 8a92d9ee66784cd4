package io.millrace.group.admin;

/** Where a reset moves a group. A target outside of a partition's bounds means the nearer of them. */
public sealed interface ResetTarget {

    /** The oldest record. */
    record Earliest() implements ResetTarget {}

    /** After the newest record. */
    record Latest() implements ResetTarget {}

    record Offset(long nextOffset) implements ResetTarget {}

    /** The first record that is not older, in milliseconds since 1970. */
    record Timestamp(long timestamp) implements ResetTarget {}

    /** This many records forward from where the group stands, or back if negative. */
    record Shift(long records) implements ResetTarget {}
}
