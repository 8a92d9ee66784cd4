package io.millrace.stream.websocket;

import io.millrace.budget.Hold;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a connection's subscriptions have been asked for and have not done yet. It is taken from the connection's share,
 * and beyond a bound nothing more is read from the client. Safe for any thread.
 */
final class WaitingCommands implements AutoCloseable {

    /** What a frame costs once it is read, for each of its bytes; a position is written in 31. */
    private static final int PARSED = 4;

    /** Some frames of the most partitions; further ones wait in the socket. */
    private static final long MANY_BYTES = 1024 * 1024;

    private final Hold hold;
    private final AtomicLong waiting = new AtomicLong();

    WaitingCommands(Hold hold) {
        this.hold = hold;
    }

    /** What a frame costs for as long as what it says is kept. */
    static long cost(int frameLength) {
        return (long) PARSED * frameLength;
    }

    /**
     * Takes the memory of a frame.
     *
     * @return what to give back with {@link #done}
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

    /** Something has been done; true if the client may have to be read from again. */
    boolean done(long cost) {
        hold.shrink(cost);
        long left = waiting.addAndGet(-cost);
        return left < MANY_BYTES && left + cost >= MANY_BYTES;
    }

    /** Whether so much waits that nothing more should be read. */
    boolean many() {
        return waiting.get() >= MANY_BYTES;
    }

    @Override
    public void close() {
        hold.close();
    }
}
