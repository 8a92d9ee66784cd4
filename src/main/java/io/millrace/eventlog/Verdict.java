package io.millrace.eventlog;

/** The outcome of a slice in a committed transaction. */
public sealed interface Verdict {

    /**
     * The slice is in the log.
     *
     * @param baseOffset the offset of its first record
     */
    record Stored(long baseOffset) implements Verdict {}

    /** Nothing of the slice is stored: the partition no longer exists. */
    record Gone() implements Verdict {}
}
