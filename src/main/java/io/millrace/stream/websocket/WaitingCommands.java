package io.millrace.stream.websocket;

import io.millrace.budget.Hold;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of commands that a connection's subscriptions have not carried out yet. It is taken from the connection's
 * share, and beyond a bound the client is not read. Safe for any thread.
 */
final class WaitingCommands implements AutoCloseable {

    /** Heap bytes for each byte of a frame once it is parsed; a position takes 31 bytes of text. */
    private static final int PARSED = 4;

    /** Several frames that name as many partitions as a frame may; further ones wait in the socket. */
    private static final long MAX_BYTES = 1024 * 1024;

    private final Hold hold;
    private final AtomicLong waiting = new AtomicLong();

    WaitingCommands(Hold hold) {
        this.hold = hold;
    }

    /** The memory that a parsed frame takes until its command is done. */
    static long cost(int frameLength) {
        return (long) PARSED * frameLength;
    }

    /**
     * Takes the memory of a frame.
     *
     * @return the amount to give back with {@link #done}
     * @throws HubException {@link HubError#OVERLOADED}
     */
    long take(int frameLength) {
        long cost = cost(frameLength);
        if (!hold.grow(cost)) {
            throw NoMemory.refusal();
        }
        waiting.addAndGet(cost);
        return cost;
    }

    /** Gives back the memory of a command; true if reading from the client may have to resume. */
    boolean done(long cost) {
        hold.shrink(cost);
        long left = waiting.addAndGet(-cost);
        return left < MAX_BYTES && left + cost >= MAX_BYTES;
    }

    /** Whether the bound is reached, so that nothing more should be read. */
    boolean full() {
        return waiting.get() >= MAX_BYTES;
    }

    @Override
    public void close() {
        hold.close();
    }
}
