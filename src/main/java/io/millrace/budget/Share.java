package io.millrace.budget;

import java.util.concurrent.atomic.AtomicLong;

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

    void release(long bytes) {
        held.addAndGet(-bytes);
        memory.release(bytes);
    }
}
