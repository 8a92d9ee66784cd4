package io.millrace.eventlog;

/** What has become of a slice in a transaction that was committed. */
public sealed interface Verdict {

    /**
     * It is in the log.
     *
     * @param baseOffset the offset of its first record
     */
    record Stored(long baseOffset) implements Verdict {}

    /** Nothing of it is stored: the partition does not exist any more. */
    record Gone() implements Verdict {}
}
