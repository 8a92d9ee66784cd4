package io.millrace.stream.websocket;

import io.millrace.budget.Share;
import io.millrace.security.Caller;
import io.millrace.stream.websocket.frame.ServerFrame;

/** Answers a client: its connection, as seen by the code that carries out its requests. */
interface Answering {

    /**
     * Sends an answer without waiting for room. Any thread.
     *
     * @param written run on the event loop when the client's socket has taken it
     */
    void answer(ServerFrame frame, Runnable written);

    /** The same with a binary frame. */
    void answer(byte[] frame, Runnable written);

    /** Stops or resumes reading from the socket, by how much the client has unanswered. Event loop only. */
    void updateReading();

    /** Who has connected. */
    Caller caller();

    /** What the connection may hold. */
    Share share();
}
