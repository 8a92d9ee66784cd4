package io.millrace.connection;

/**
 * The element that has begun and not ended in a streamed body, such as a line. Asked on the connection's event loop,
 * updated by any thread.
 */
public interface Unfinished {

    /** When it began, by the ticker; 0 if there is none. */
    long since();

    /** How many bytes of it have arrived. */
    long bytes();
}
