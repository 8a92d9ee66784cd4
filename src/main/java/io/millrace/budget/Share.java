package io.millrace.budget;

import io.millrace.time.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** One connection's share of the {@link ClientMemory}. Safe for any thread. */
public final class Share {

    private final ClientMemory memory;
    private final AtomicLong held = new AtomicLong();

    Share(ClientMemory memory) {
        this.memory = memory;
    }

    /** A new, empty hold. */
    public Hold hold() {
        return new Hold(this);
    }

    /**
     * The most that may be asked for at once. A single larger object, such as a record on a node with a small heap,
     * counts as this much, or it could never be granted.
     */
    public long largest() {
        return memory.capacity() / 4;
    }

    /** How many bytes the connection holds now. */
    public long held() {
        return held.get();
    }

    /** @param hold the bytes of the hold, including these */
    boolean take(long bytes, long hold) {
        long connection = held.addAndGet(bytes);
        if (memory.take(bytes, hold, connection)) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void add(long bytes) {
        held.addAndGet(bytes);
        memory.add(bytes);
    }

    /** A {@link Waiter} for memory. */
    public Waiter waiter(Runnable wake) {
        return new Waiter(memory, wake);
    }

    /** The end of a wait for memory that begins now. */
    public Deadline deadline(Duration patience) {
        return memory.ticker().in(patience);
    }

    /** Waits until memory has been given back, at most {@link Waiter#LONGEST}. */
    public void awaitSome() throws InterruptedException {
        Thread waiting = Thread.currentThread();
        try (Waiter waiter = waiter(() -> LockSupport.unpark(waiting))) {
            waiter.await();
            memory.ticker().park(this, Waiter.LONGEST.toNanos());
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
        memory.release(bytes);
    }
}
