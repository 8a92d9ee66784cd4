package io.millrace.stream.websocket;

import io.millrace.budget.Share;
import io.millrace.stream.websocket.frame.ServerFrame;

/** What answers a client: its connection, as those see it that carry out what the client asks for. */
interface Answering {

    /**
     * Sends an answer, which waits for nobody. Any thread.
     *
     * @param written run on the event loop when the client's socket has taken it
     */
    void answer(ServerFrame frame, Runnable written);

    /** The same with a binary frame. */
    void answer(byte[] frame, Runnable written);

    /** Reads from the socket, or stops to, as the client has as much unanswered as it may. Event loop only. */
    void updateReading();

    /** What the connection may hold. */
    Share share();
}
