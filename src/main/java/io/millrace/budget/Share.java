package io.millrace.budget;

import io.millrace.time.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What one connection holds of the {@link ClientMemory}. Safe for any thread. */
public final class Share {

    private final ClientMemory memory;
    private final AtomicLong held = new AtomicLong();

    Share(ClientMemory memory) {
        this.memory = memory;
    }

    /** A hold of nothing, which may grow. */
    public Hold hold() {
        return new Hold(this);
    }

    /**
     * The most that it makes sense to ask for at once: a single thing that is larger, as a record can be on a node with
     * a small heap, counts as this, or it could never be had.
     */
    public long largest() {
        return memory.capacity() / 4;
    }

    /** Bytes that the connection holds now. */
    public long held() {
        return held.get();
    }

    /** @param hold what the hold has with these bytes */
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

    /** One that waits for memory; see {@link Waiter}. */
    public Waiter waiter(Runnable wake) {
        return new Waiter(memory, wake);
    }

    /** The end of a wait for memory that begins now. */
    public Deadline deadline(Duration patience) {
        return memory.ticker().in(patience);
    }

    /** Waits until somebody has given memory back, but not for long. */
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
