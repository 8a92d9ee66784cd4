package io.millrace.readme;

import java.util.List;

/** One instance of a consuming program. */
interface Consumer extends AutoCloseable {

    /** A processed record. */
    record Seen(int partition, long offset, String key, long value) {}

    /** The records processed so far, in order. */
    List<Seen> seen() throws Exception;

    /** Its error output, for the messages of failures. */
    String trouble();

    /** Kills it without a chance to clean up. */
    void kill() throws Exception;

    /** Asks it to end, as users would. */
    void stop() throws Exception;

    /** Ends it in any state. */
    @Override
    void close() throws Exception;
}
