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
 * Time that a test turns by hand: {@link #advance} ends every wait whose time has come by then. {@link #clock} shows
 * the same time as a date. Safe for any thread.
 *
 * <p>Who waits looks at the time once a millisecond, for neither a condition nor a queue can be woken from outside.
 * Those that have to put up with it anyway, who park or wait for a signal, come back without a reason for it.
 */
public final class SettableTicker implements Ticker {

    /** So that no test depends on where a machine's nanoseconds begin: they pass their largest number soon. */
    private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    private static final Instant START_DATE = Instant.parse("2026-01-01T00:00:00Z");

    private static final long LOOK_NANOS = 1_000_000;

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

    /**
     * Time passes as on the machine, and besides when it is advanced: for a whole hub, which has others wait for it.
     */
    public static SettableTicker flowing() {
        long start = System.nanoTime();
        return new SettableTicker(() -> System.nanoTime() - start);
    }

    public void advance(Duration duration) {
        advanced.addAndGet(duration.toNanos());
    }

    /** How much time has passed since the ticker was made. */
    public Duration passed() {
        return Duration.ofNanos(flow.getAsLong() + advanced.get());
    }

    /** A clock that began with the year 2026 when the ticker was made. */
    public Clock clock() {
        InstantSource source = () -> START_DATE.plus(passed());
        return source.withZone(ZoneOffset.UTC);
    }

    /** How many threads wait for the time now: what a test awaits before it advances it. */
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
                TimeUnit.NANOSECONDS.sleep(turn(deadline));
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Override
    public void park(Object blocker, long nanos) {
        waiting.incrementAndGet();
        try {
            LockSupport.parkNanos(blocker, Math.min(nanos, LOOK_NANOS));
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Override
    public void await(Condition condition, long nanos) throws InterruptedException {
        waiting.incrementAndGet();
        try {
            condition.awaitNanos(Math.min(nanos, LOOK_NANOS));
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
                first = queue.poll(turn(deadline), TimeUnit.NANOSECONDS);
            } while (first == null && !deadline.isOver());
            return first;
        } finally {
            waiting.decrementAndGet();
        }
    }

    private static long turn(Deadline deadline) {
        return Math.min(deadline.nanosLeft(), LOOK_NANOS);
    }
}
