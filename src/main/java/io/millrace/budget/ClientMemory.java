package io.millrace.budget;

import io.millrace.time.Ticker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The memory that all clients together may make this node hold. Safe for any thread.
 *
 * <p>Two rules keep clients from starving each other. A hold of more than {@value #SMALL_BYTES} bytes
 *
 * <ul>
 *   <li>never takes the last eighth of the capacity: small requests do not wait for large ones;
 *   <li>is refused when its connection would then hold more than would be left of the rest for all others: one greedy
 *       connection gets half, the next half of the remainder. This is the "dynamic threshold" of Choudhury and Hahne,
 *       Dynamic Queue Length Thresholds for Shared-Memory Packet Switches (1998), with a factor of 1.
 * </ul>
 */
public final class ClientMemory {

    /** A hold up to this size is small. */
    public static final int SMALL_BYTES = 16 * 1024;

    private static final int RESERVE = 8;

    private final long capacity;
    private final Ticker ticker;
    private final AtomicLong held = new AtomicLong();
    private final LongAdder refusals = new LongAdder();

    /** Callers that were refused and will ask again; the one that has waited longest is woken first. */
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /** @param capacity bytes, at least 1 */
    public ClientMemory(long capacity, Ticker ticker) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a budget of " + capacity + " bytes holds nothing");
        }
        this.capacity = capacity;
        this.ticker = ticker;
    }

    /** The share of a new connection. */
    public Share share() {
        return new Share(this);
    }

    /** The clock of waits for memory. */
    Ticker ticker() {
        return ticker;
    }

    /** How many bytes may be held. */
    public long capacity() {
        return capacity;
    }

    /** How many bytes are held now. */
    public long held() {
        return held.get();
    }

    /** How often memory was refused. */
    public long refusals() {
        return refusals.sum();
    }

    /**
     * Takes bytes for a hold, all or none.
     *
     * @param hold the bytes of the hold, including these
     * @param connection the bytes of its connection, including these
     */
    boolean take(long bytes, long hold, long connection) {
        long now;
        do {
            now = held.get();
            if (!allowed(capacity - now - bytes, hold, connection)) {
                refusals.increment();
                return false;
            }
        } while (!held.compareAndSet(now, now + bytes));
        return true;
    }

    private boolean allowed(long left, long hold, long connection) {
        if (hold <= SMALL_BYTES) {
            return left >= 0;
        }
        return connection <= left - capacity / RESERVE;
    }

    /** Counts bytes that are already in memory, even beyond the capacity. */
    void add(long bytes) {
        held.addAndGet(bytes);
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
        if (bytes > 0 && !waiters.isEmpty()) {
            wakeOne();
        }
    }

    private void wakeOne() {
        Waiter first = waiters.poll();
        if (first != null) {
            first.wake();
        }
    }

    void await(Waiter waiter) {
        waiters.add(waiter);
    }

    /** A waiter that was woken but no longer needs memory passes its turn on. */
    void forget(Waiter waiter) {
        if (!waiters.remove(waiter)) {
            wakeOne();
        }
    }
}
