package io.millrace.client;

/**
 * What becomes of a WebSocket and of the messages on it, in their order. Called by the client's event loop, which all
 * of its sockets share: it must not block.
 */
public interface MessageListener {

    /** A text message, in UTF-8 that is not checked. */
    void text(byte[] utf8);

    void binary(byte[] bytes);

    /**
     * The connection has ended; nothing follows.
     *
     * @param status as the hub closed it with; {@link #BROKEN} if it did not
     */
    void closed(int status, String reason);

    /** As RFC 6455 says of an end without a closing frame. */
    int BROKEN = 1006;
}
