package io.millrace.process;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that a start ends: with a hub that answers, or with the end of the process.
 *
 * <ul>
 *   <li>A start that takes longer than {@link StartProperties#timeout()} and makes no progress is ended, with exit code
 *       1 and, in the log, what it was waiting for. A start makes progress while its thread uses CPU time, however slow
 *       the machine is, and while it waits for something that has a bound of its own: {@link LongWait}.
 *   <li>A hub that is told to stop while it starts ends soon. Spring's shutdown hook waits for the end of the start,
 *       which may never come.
 * </ul>
 *
 * The process is halted, since shutdown hooks may wait for what hangs. Nothing is lost: no client has been served yet,
 * and the embedded PostgreSQL shuts down cleanly when its hub is gone.
 */
public final class StartWatch {

    /** The JVM's exit code after SIGTERM. */
    static final int STOPPED = 143;

    static final int HANGS = 1;

    private static final Logger log = LoggerFactory.getLogger(StartWatch.class);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /**
     * A working thread uses at least this much CPU time between two checks, even on a busy machine; one that waits and
     * polls uses less.
     */
    private static final Duration PROGRESS = Duration.ofMillis(5);

    private static final LastWords UNLOGGED =
            new LastWords("The start of the hub hangs, and so does its log: the process ends");

    /**
     * @param turn how often the start is checked
     * @param standstill how long it may use no CPU time before it counts as hanging
     * @param stop how long the start may go on once the hub has been told to stop, in case it is nearly finished
     * @param orderly how long the clean shutdown may take after that: no client has been served yet
     * @param log how long writing the log may take, which may itself be what hangs
     */
    record Patience(Duration turn, Duration standstill, Duration stop, Duration orderly, Duration log) {

        static final Patience DEFAULT = new Patience(
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }

    private final Thread starting;
    private final List<LongWait> longWaits;
    private final Patience patience;
    private final IntConsumer halt;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Duration timeout;

    StartWatch(Thread starting, List<LongWait> longWaits, Duration timeout, Patience patience, IntConsumer halt) {
        this.starting = starting;
        this.longWaits = longWaits;
        this.timeout = timeout;
        this.patience = patience;
        this.halt = halt;
    }

    /** Starts watching the calling thread. */
    public static StartWatch begin(List<LongWait> longWaits) {
        StartWatch watch = new StartWatch(
                Thread.currentThread(), longWaits, Duration.ofMinutes(1), Patience.DEFAULT, Runtime.getRuntime()::halt);
        Thread.ofPlatform().daemon().name("start-watch").start(watch::watch);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("start-stop").unstarted(watch::toldToStop));
        return watch;
    }

    /** To be called as soon as the setting is known. */
    public void timeout(Duration set) {
        timeout = set;
    }

    /** The hub answers, or its start has failed: from now on it shuts down normally. */
    public void over() {
        over.countDown();
    }

    void watch() {
        // Loads now the classes that are needed when class loading hangs.
        describe();
        long began = System.nanoTime();
        long progressed = began;
        long used = 0;
        while (!isOver(patience.turn())) {
            long now = System.nanoTime();
            long cpu = THREADS.getThreadCpuTime(starting.threadId());
            if (cpu - used > PROGRESS.toNanos() || isLongWait()) {
                progressed = now;
            }
            used = cpu;
            if (now - began > timeout.toNanos()
                    && now - progressed > patience.standstill().toNanos()) {
                end();
                return;
            }
        }
    }

    private void end() {
        Thread telling = Thread.ofPlatform().daemon().name("start-report").start(() -> {
            log.error("{}", describe());
            log.error("All threads:\n{}", ThreadDump.text());
        });
        if (!joined(telling)) {
            UNLOGGED.say();
        }
        halt.accept(HANGS);
    }

    /** Why the start makes no progress, in words and as a stack trace. */
    String describe() {
        ThreadInfo thread = THREADS.getThreadInfo(starting.threadId(), Integer.MAX_VALUE);
        if (thread == null) {
            return "The thread that starts the hub has ended";
        }
        StringBuilder text = new StringBuilder("The hub has not started within ")
                .append(timeout.toSeconds())
                .append(" s (millrace.start.timeout) and makes no progress, so it ends. It waits for ")
                .append(StartWait.of(thread));
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n\tat ").append(frame);
        }
        return text.toString();
    }

    private boolean isLongWait() {
        StackTraceElement[] stack = starting.getStackTrace();
        // A thread that waits for a class does not wait for the database, even below its code.
        return starting.getState() != Thread.State.BLOCKED
                && longWaits.stream().anyMatch(wait -> wait.isUnderWay(stack));
    }

    /** Run by the JVM when it is told to end, in parallel to Spring's own hook, which waits for the start. */
    void toldToStop() {
        if (over.getCount() == 0) {
            return;
        }
        log.info("The hub is told to stop while it starts");
        Thread.ofPlatform().daemon().name("start-halt").start(() -> {
            if (isOver(patience.stop())) {
                // The start is over, so Spring's hook now stops the hub cleanly.
                LockSupport.parkNanos(patience.orderly().toNanos());
            }
            halt.accept(STOPPED);
        });
    }

    private boolean isOver(Duration wait) {
        try {
            return over.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private boolean joined(Thread thread) {
        try {
            return thread.join(patience.log());
        } catch (InterruptedException unexpected) {
            return false;
        }
    }
}
