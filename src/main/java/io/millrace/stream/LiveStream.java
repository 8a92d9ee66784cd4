package io.millrace.stream;

/** A connected client: a WebSocket connection or an event stream. */
public interface LiveStream {

    /** Checks what is due by now, such as time-outs; called every {@code millrace.stream.tick}. Must not block. */
    void tick(long nowNanos);

    /** Tells the client that the node is shutting down, then ends. Must not block. */
    void drain();

    /** The client's lag in records; may wait for a read that is under way. */
    long lag();
}
