package io.millrace.stream;

/** A client that is connected: a WebSocket connection or a stream of events. */
public interface LiveStream {

    /** Looks at what only time can tell; called again and again, must not block. */
    void tick(long nowNanos);

    /** Tells the client that the node shuts down, and ends. Must not block. */
    void drain();

    /** How many records the client is behind; may wait for a read that is under way. */
    long lag();
}
