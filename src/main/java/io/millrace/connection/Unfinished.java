package io.millrace.connection;

/**
 * What has begun and not ended in a body that is a stream. Asked on the connection's event loop, told by any thread.
 */
public interface Unfinished {

    /** When it began, by the ticker; 0 if there is nothing. */
    long since();

    /** Bytes that have come of it. */
    long bytes();
}
