package io.millrace.budget;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Somebody who was refused memory and asks again when some has come back: those who wait are woken one after the other,
 * each once for every {@link #await}. What came back may be too little, or gone again, and a wake-up that came before
 * the wait may have missed it: so a waiter asks again by itself too, {@link #LONGEST} after it was refused. Safe for
 * any thread.
 */
public final class Waiter implements AutoCloseable {

    /** How long to wait at most before asking again. */
    public static final Duration LONGEST = Duration.ofMillis(500);

    private final ClientMemory memory;
    private final Runnable wake;
    private final AtomicBoolean waiting = new AtomicBoolean();

    Waiter(ClientMemory memory, Runnable wake) {
        this.memory = memory;
        this.wake = wake;
    }

    /** Waits from now on, unless it does already. */
    public void await() {
        if (waiting.compareAndSet(false, true)) {
            memory.await(this);
        }
    }

    /** Called by whoever gave memory back. */
    void wake() {
        if (waiting.compareAndSet(true, false)) {
            wake.run();
        }
    }

    /** Waits no longer. */
    @Override
    public void close() {
        if (waiting.compareAndSet(true, false)) {
            memory.forget(this);
        }
    }
}
