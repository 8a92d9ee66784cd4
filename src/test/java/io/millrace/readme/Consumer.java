package io.millrace.readme;

import java.util.List;

/** One instance of a program that consumes. */
interface Consumer extends AutoCloseable {

    /** A record that it processed. */
    record Seen(int partition, long offset, String key, long value) {}

    /** What it has processed so far, in this order. */
    List<Seen> seen() throws Exception;

    /** What it says about itself, for failures. */
    String trouble();

    /** Ends it without a chance to do anything about it. */
    void kill() throws Exception;

    /** Asks it to end, as its users would. */
    void stop() throws Exception;

    /** Whatever state it is in. */
    @Override
    void close() throws Exception;
}
