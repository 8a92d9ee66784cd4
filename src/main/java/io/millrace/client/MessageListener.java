package io.millrace.client;

/**
 * Receives the messages of a WebSocket, in order, and its end. Called on the client's event loop, which all of its
 * sockets share: implementations must not block.
 */
public interface MessageListener {

    /** A text message. Its UTF-8 is not validated. */
    void text(byte[] utf8);

    void binary(byte[] bytes);

    /**
     * The connection has ended; no more calls follow.
     *
     * @param status of the hub's close frame; {@link #BROKEN} without one
     */
    void closed(int status, String reason);

    /** The status that RFC 6455 defines for an end without a close frame. */
    int BROKEN = 1006;
}
