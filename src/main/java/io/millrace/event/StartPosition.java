package io.millrace.event;

/** Where a reader wants to begin. */
public sealed interface StartPosition {

    /** At the oldest record that is there. */
    record Earliest() implements StartPosition {}

    /** Behind the newest record: only what comes from now on. */
    record Latest() implements StartPosition {}

    /** At the first record whose timestamp is at least this one; milliseconds since the epoch. */
    record AtTimestamp(long timestamp) implements StartPosition {}

    /** At exactly this offset. */
    record AtOffset(long nextOffset) implements StartPosition {}
}
