package io.millrace.client;

import io.millrace.client.message.Frame;

/**
 * What becomes of a {@link HubSocket} and of the frames on it, in their order. Called by the client's event loop, which
 * all of its sockets share: it must not block. {@link FrameQueue} is one for threads that do.
 */
public interface FrameListener {

    void frame(Frame frame);

    /**
     * The connection has ended; nothing follows.
     *
     * @param status as the hub closed it with; {@link MessageListener#BROKEN} if it did not
     */
    void closed(int status, String reason);
}
