package io.millrace.bench.produce;

import io.millrace.bench.format.Batch;
import io.millrace.bench.measure.Counter;
import io.millrace.bench.measure.Latencies;
import io.millrace.bench.measure.PerLoop;
import io.millrace.bench.run.Schedule;
import io.millrace.bench.run.Window;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The producers of one event loop: decides when which connection sends, and counts the results. With a rate, a request
 * that is due while no connection is free is sent late, when one becomes free; its latency counts from when it was due.
 * A request that is not sent before the end counts with the time that it has waited by then. Used on that event loop
 * only, except for the methods for any thread.
 */
final class ProducerLoop implements PerLoop.Measured {

    private static final Window NEVER = new Window(0, 0, 0);

    private final EventLoop loop;
    private final Batch batch;
    private final Latencies latencies = new Latencies();
    private final Counter acknowledged = new Counter();
    private final Counter refused = new Counter();
    private final Counter outstanding = new Counter();
    private final Counter measured = new Counter();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final List<ProducerConnection> slots = new ArrayList<>();
    private final Queue<ProducerConnection> room = new ArrayDeque<>();
    private final int inFlight;
    private final int positions;
    private Window window = NEVER;
    private @Nullable Schedule schedule;
    private @Nullable AtomicLong budget;
    private long next;
    private long armedFor = Long.MIN_VALUE;
    private long lastAnswer;
    private long unsent;

    ProducerLoop(EventLoop loop, Batch batch, Production production) {
        this.loop = loop;
        this.batch = batch;
        this.inFlight = production.inFlight();
        this.positions = production.acks() == Production.Acks.NONE ? 0 : production.batch();
    }

    Batch batch() {
        return batch;
    }

    int inFlight() {
        return inFlight;
    }

    /** The number of positions in an answer. */
    int expectedPositions() {
        return positions;
    }

    /** To be called before {@link #start}. */
    void add(ProducerConnection connection) {
        slots.add(connection);
    }

    /**
     * Starts sending; called once, by any thread.
     *
     * @param ownSchedule null to send as fast as answers come
     * @param requests the remaining number, shared by all loops; null if the window is the only limit
     */
    void start(Window when, @Nullable Schedule ownSchedule, @Nullable AtomicLong requests) {
        loop.execute(() -> {
            window = when;
            schedule = ownSchedule;
            budget = requests;
            lastAnswer = when.from();
            for (int i = 0; i < inFlight; i++) {
                room.addAll(slots);
            }
            pump(System.nanoTime());
            loop.schedule(() -> pump(System.nanoTime()), when.until() - System.nanoTime(), TimeUnit.NANOSECONDS);
        });
    }

    /** A request was answered as expected. */
    void answered(ProducerConnection connection, long due) {
        long now = System.nanoTime();
        acknowledged.add(batch.records());
        outstanding.add(-1);
        // If the window limits the run, throughput counts the answers within it; else all answers are awaited and
        // count.
        if (budget == null ? window.contains(now) : !window.isWarmUp(due)) {
            measured.add(batch.records());
            lastAnswer = now;
        }
        latencies.record(now - due, window.contains(due));
        room.add(connection);
        pump(now);
    }

    /** The hub is overloaded: the connection pauses for as long as the hub asked. */
    void refused(ProducerConnection connection, long due, Duration retryAfter) {
        outstanding.add(-1);
        refused.add(batch.records());
        if (budget != null && !window.isWarmUp(due)) {
            budget.incrementAndGet();
        }
        loop.schedule(
                () -> {
                    room.add(connection);
                    pump(System.nanoTime());
                },
                retryAfter.toNanos(),
                TimeUnit.NANOSECONDS);
        pump(System.nanoTime());
    }

    private void pump(long now) {
        while (!room.isEmpty() && !exhausted(now)) {
            long due = due(now);
            if (due - now > 0) {
                wakeAt(due, now);
                return;
            }
            if (budget != null && !window.isWarmUp(due)) {
                budget.decrementAndGet();
            }
            next++;
            outstanding.add(1);
            room.remove().send(due);
        }
        if (outstanding.get() == 0 && exhausted(now) && !done.isDone()) {
            countUnsent();
            done.complete(null);
        }
    }

    /** Requests that were due but never sent have waited at least until the end. */
    private void countUnsent() {
        if (schedule != null) {
            for (long due = schedule.due(next); !window.isOver(due); due = schedule.due(++next)) {
                if (window.contains(due)) {
                    unsent += batch.records();
                    latencies.record(window.until() - due, true);
                }
            }
        }
    }

    private long due(long now) {
        return schedule == null ? now : schedule.due(next);
    }

    private boolean exhausted(long now) {
        long due = due(now);
        return window.isOver(now)
                || window.isOver(due)
                || (budget != null && !window.isWarmUp(due) && budget.get() <= 0);
    }

    private void wakeAt(long due, long now) {
        if (armedFor != due) {
            armedFor = due;
            loop.schedule(() -> pump(System.nanoTime()), due - now, TimeUnit.NANOSECONDS);
        }
    }

    /** Completes when all requests are sent and answered. */
    CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public Latencies latencies() {
        return latencies;
    }

    /** Records of all answered requests, including the warm-up; any thread. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Records of requests that the hub refused for overload; any thread. */
    long refused() {
        return refused.get();
    }

    /** Requests in flight; any thread. */
    long outstanding() {
        return outstanding.get();
    }

    /** Measured records; any thread once this is done. */
    long measured() {
        return measured.get();
    }

    /** Records that were due in the window but never sent; any thread once this is done. */
    long unsent() {
        return unsent;
    }

    /** When the last measured request was answered. */
    long lastAnswer() {
        return lastAnswer;
    }
}
