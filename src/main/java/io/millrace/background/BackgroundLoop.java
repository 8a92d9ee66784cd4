package io.millrace.background;

import io.millrace.process.OutOfMemory;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs a task again and again on a thread of its own until it is stopped. As a Spring bean it starts before the web
 * server and stops after it.
 *
 * <p>It is a platform thread: a loop lives as long as the hub, so a virtual thread would save nothing, and would share
 * the few carriers with all requests, and with the other loops while the hub starts. It is a daemon thread:
 * {@link #stop()} ends the loops, and one that does not heed it must not make a hub that failed to start look like one
 * that runs.
 *
 * <ul>
 *   <li>Rounds never overlap, not even with those of {@link #runOnce}.
 *   <li>A {@link #wake()} is never lost: one that arrives during a round causes another round at once.
 *   <li>A round that throws does not end the loop. The first failure of a streak is logged, and so is its end; in
 *       between the rests grow, up to {@link Pace#longestBackOff()}, and no wake shortens them: callers with work for
 *       the loop would otherwise make it hammer at what is broken.
 *   <li>Stopping lets a round finish, and interrupts it when that takes longer than {@link #STOP_GRACE}. A task that
 *       waits by itself should therefore wait in short steps.
 * </ul>
 *
 * All methods may be called from any thread. A stopped loop may be started again.
 */
public final class BackgroundLoop implements SmartLifecycle {

    /** How long a round may go on after {@link #stop()} before its thread is interrupted, and then as long again. */
    public static final Duration STOP_GRACE = Duration.ofSeconds(2);

    /**
     * A thread that is this late is not merely slow. With the time that a probe takes, it is reported within five
     * seconds.
     */
    private static final Duration LATE = Duration.ofMillis(3500);

    private static final Duration REST_SLICE = Duration.ofSeconds(1);

    /** Far longer than the driver's timeouts let a round take. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(60);

    private static final Logger log = LoggerFactory.getLogger(BackgroundLoop.class);

    /** What one round does. */
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    private final String name;
    private final Pace pace;
    private final Ticker ticker;
    private final Duration longestRound;
    private final Task task;

    /** Held through a round, so that rounds do not overlap. */
    private final ReentrantLock round = new ReentrantLock();

    private final ReentrantLock state = new ReentrantLock();
    private final Condition changed = state.newCondition();
    private boolean woken;
    private volatile @Nullable Thread thread;

    /** When the round that is under way began, or this slice of a rest will be over, by the ticker. */
    private volatile long mark;

    private volatile boolean resting;

    /** @param name the thread's name, which the log shows */
    public BackgroundLoop(String name, Pace pace, Ticker ticker, Task task) {
        this(name, pace, ticker, LONGEST_ROUND, task);
    }

    /** @param longestRound after which a round that waits for PostgreSQL counts as one that never ends */
    public BackgroundLoop(String name, Pace pace, Ticker ticker, Duration longestRound, Task task) {
        this.name = name;
        this.pace = pace;
        this.ticker = ticker;
        this.longestRound = longestRound;
        this.task = task;
    }

    /** Begins with a round at once; does nothing if the loop is running. */
    @Override
    public void start() {
        state.lock();
        try {
            if (thread == null) {
                mark = ticker.nanos();
                resting = false;
                Thread started = Thread.ofPlatform().name(name).daemon().unstarted(this::loop);
                thread = started;
                started.start();
            }
        } finally {
            state.unlock();
        }
    }

    /** Asks for a round now instead of after the interval. */
    public void wake() {
        state.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            state.unlock();
        }
    }

    /** Called by a round of many pieces after each of them: the time that a round may take counts from here again. */
    public void progressed() {
        mark = ticker.nanos();
    }

    /**
     * Does one round in the calling thread, after the one that may be under way. Tests drive loops with it.
     *
     * @throws Exception whatever the task throws
     */
    public void runOnce() throws Exception {
        round.lock();
        try {
            task.run();
        } finally {
            round.unlock();
        }
    }

    /** Ends the loop and waits for its round to end, no longer than twice {@link #STOP_GRACE}. */
    @Override
    public void stop() {
        Thread stopped;
        state.lock();
        try {
            stopped = thread;
            thread = null;
            changed.signalAll();
        } finally {
            state.unlock();
        }
        // A task may stop its own loop: it cannot wait for itself.
        if (stopped != null && stopped != Thread.currentThread()) {
            end(stopped);
        }
    }

    @Override
    public boolean isRunning() {
        state.lock();
        try {
            return thread != null;
        } finally {
            state.unlock();
        }
    }

    /** The thread's name. */
    public String name() {
        return name;
    }

    /**
     * What is wrong with the loop's thread, in words; null if it is well or has been stopped. A round that waits for
     * PostgreSQL is not wrong: the driver ends such waits.
     */
    @Nullable
    String ailment() {
        Thread running = thread;
        if (running == null) {
            return null;
        }
        if (!running.isAlive()) {
            return "its thread has ended";
        }
        Duration late = Duration.ofNanos(ticker.nanos() - mark);
        if (late.compareTo(LATE) < 0) {
            return null;
        }
        if (resting) {
            return "has not come back from its rest for " + late.toSeconds() + " s";
        }
        return late.compareTo(longestRound) > 0 || Standstill.of(running)
                ? "has been in the same round for " + late.toSeconds() + " s"
                : null;
    }

    /** Below the web server's phases: what serves requests comes up after the loops and goes down before them. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void end(Thread stopped) {
        try {
            if (!stopped.join(STOP_GRACE)) {
                stopped.interrupt();
                if (!stopped.join(STOP_GRACE)) {
                    log.warn("{} does not stop; its thread is left running", name);
                }
            }
        } catch (InterruptedException interrupted) {
            stopped.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        int failures = 0;
        while (isCurrent()) {
            failures = guardedRound(failures);
            rest(pace.restAfter(failures), failures == 0);
        }
    }

    /** Does one round and returns how many have failed in a row. */
    private int guardedRound(int failures) {
        try {
            takeWake();
            mark = ticker.nanos();
            resting = false;
            runOnce();
        } catch (Throwable failure) {
            OutOfMemory.endIfCausedBy(failure);
            if (failures == 0 && isCurrent()) {
                tell(() -> log.warn(
                        "{} failed and will try again; further failures are not logged until it works", name, failure));
            }
            return failures + 1;
        }
        if (failures > 0) {
            tell(() -> log.info("{} works again after {} failed rounds", name, failures));
        }
        return 0;
    }

    /** What broke a round may break the log as well; the loop goes on all the same. */
    private static void tell(Runnable line) {
        try {
            line.run();
        } catch (Throwable unlogged) {
            OutOfMemory.endIfCausedBy(unlogged);
        }
    }

    /** A wake that comes later than this is for the next round. */
    private void takeWake() {
        state.lock();
        try {
            woken = false;
        } finally {
            state.unlock();
        }
    }

    private void rest(Duration duration, boolean wakeable) {
        Deadline end = ticker.in(duration);
        mark = ticker.nanos();
        resting = true;
        state.lock();
        try {
            while (!end.isOver() && thread == Thread.currentThread() && !(wakeable && woken)) {
                // In slices, so that a thread that does not come back is noticed however long the rest is.
                Deadline slice = end.orIn(REST_SLICE);
                mark = slice.at();
                slice.await(changed);
            }
        } catch (InterruptedException interrupted) {
            // Only stop() interrupts this thread, and it has cleared the field that isCurrent() looks at.
            log.debug("{} interrupted at rest", name);
        } finally {
            state.unlock();
        }
    }

    private boolean isCurrent() {
        state.lock();
        try {
            return thread == Thread.currentThread();
        } finally {
            state.unlock();
        }
    }
}
