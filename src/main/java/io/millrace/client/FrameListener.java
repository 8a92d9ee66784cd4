package io.millrace.client;

import io.millrace.client.message.Frame;

/**
 * Receives the frames of a {@link HubSocket}, in order, and its end. Called on the client's event loop, which all of
 * its sockets share: implementations must not block. {@link FrameQueue} is one for threads that block.
 */
public interface FrameListener {

    void frame(Frame frame);

    /**
     * The connection has ended; no more calls follow.
     *
     * @param status of the hub's close frame; {@link MessageListener#BROKEN} without one
     */
    void closed(int status, String reason);
}
