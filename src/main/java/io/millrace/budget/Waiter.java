package io.millrace.budget;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Wakes a caller that was refused memory, so that it asks again when some has been given back. Waiters are woken one
 * after the other, each once per {@link #await}. What was given back may be too little or taken again, and may have
 * been given back before the wait began: so the caller also asks again by itself, {@link #LONGEST} after the refusal.
 * Safe for any thread.
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

    /** Waits from now on, unless it already does. */
    public void await() {
        if (waiting.compareAndSet(false, true)) {
            memory.await(this);
        }
    }

    /** Called by the thread that gave memory back. */
    void wake() {
        if (waiting.compareAndSet(true, false)) {
            wake.run();
        }
    }

    /** Stops waiting. */
    @Override
    public void close() {
        if (waiting.compareAndSet(true, false)) {
            memory.forget(this);
        }
    }
}
