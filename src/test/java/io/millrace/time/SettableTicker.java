package io.millrace.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time that a test advances by hand: {@link #advance} ends all waits whose time has come by then. {@link #clock} shows
 * the same time as a date. Safe for any thread.
 *
 * <p>Waiting threads check the time every millisecond, since neither a condition nor a queue can be woken from outside.
 * {@link #park} and {@link #await} then return spuriously, which their callers must expect anyway.
 */
public final class SettableTicker implements Ticker {

    /** One second before the largest long: tests do not depend on the machine's value, and see an overflow soon. */
    private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    private static final Instant START_DATE = Instant.parse("2026-01-01T00:00:00Z");

    private static final long CHECK_NANOS = 1_000_000;

    private final LongSupplier flow;
    private final AtomicLong advanced = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger();

    private SettableTicker(LongSupplier flow) {
        this.flow = flow;
    }

    /** Time stands still unless it is advanced. */
    public static SettableTicker standing() {
        return new SettableTicker(() -> 0);
    }

    /** Time passes as on the machine, and jumps when it is advanced: for tests of a whole hub. */
    public static SettableTicker flowing() {
        long start = System.nanoTime();
        return new SettableTicker(() -> System.nanoTime() - start);
    }

    public void advance(Duration duration) {
        advanced.addAndGet(duration.toNanos());
    }

    /** The time that has passed since the ticker was created. */
    public Duration passed() {
        return Duration.ofNanos(flow.getAsLong() + advanced.get());
    }

    /** A clock that started at the beginning of 2026 when the ticker was created. */
    public Clock clock() {
        InstantSource source = () -> START_DATE.plus(passed());
        return source.withZone(ZoneOffset.UTC);
    }

    /** How many threads wait for the time now; tests await this before they advance it. */
    public int waiting() {
        return waiting.get();
    }

    @Override
    public long nanos() {
        return START + flow.getAsLong() + advanced.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Deadline deadline = in(duration);
        waiting.incrementAndGet();
        try {
            while (!deadline.isOver()) {
                TimeUnit.NANOSECONDS.sleep(step(deadline));
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Override
    public void park(Object blocker, long nanos) {
        waiting.incrementAndGet();
        try {
            LockSupport.parkNanos(blocker, Math.min(nanos, CHECK_NANOS));
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Override
    public void await(Condition condition, long nanos) throws InterruptedException {
        waiting.incrementAndGet();
        try {
            condition.awaitNanos(Math.min(nanos, CHECK_NANOS));
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, long nanos) throws InterruptedException {
        Deadline deadline = new Deadline(this, nanos() + nanos);
        waiting.incrementAndGet();
        try {
            T first;
            do {
                first = queue.poll(step(deadline), TimeUnit.NANOSECONDS);
            } while (first == null && !deadline.isOver());
            return first;
        } finally {
            waiting.decrementAndGet();
        }
    }

    private static long step(Deadline deadline) {
        return Math.min(deadline.nanosLeft(), CHECK_NANOS);
    }
}
