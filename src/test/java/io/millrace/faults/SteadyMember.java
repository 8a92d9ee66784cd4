package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A member with a thread of its own: whenever a session ends it begins another one, until it must leave. */
abstract class SteadyMember implements GroupMember {

    private static final Duration REST = Duration.ofMillis(50);
    private static final Duration LEAVING = Duration.ofSeconds(60);

    private final String name;
    private final GroupHistory history;
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final Thread thread;
    private volatile MemberSession session;
    private volatile boolean paused;
    private volatile boolean stopped;

    SteadyMember(String name, GroupHistory history) {
        this.name = name;
        this.history = history;
        this.session = new MemberSession.None(name + "#0", history);
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Creates a session to be run. */
    abstract MemberSession begin(String id);

    /** Joins and runs in its thread. */
    final void start() {
        thread.start();
    }

    final GroupHistory history() {
        return history;
    }

    /** Whether it must leave. */
    final boolean leaving() {
        return leaving.getCount() == 0;
    }

    /** Waits while it is paused. */
    final void awaitResumed() throws InterruptedException {
        while (paused) {
            stopped = true;
            TimeUnit.MILLISECONDS.sleep(5);
        }
        stopped = false;
    }

    /** Pauses briefly, unless it must leave. */
    final void rest() throws InterruptedException {
        leaving.await(REST.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public final String session() {
        return session.id();
    }

    @Override
    public final Set<Integer> partitions() {
        return session.owned();
    }

    @Override
    public final void pause() {
        paused = true;
    }

    @Override
    public final boolean hasStopped() {
        return stopped;
    }

    @Override
    public final void resume() {
        paused = false;
        session.wake();
    }

    @Override
    public final void close() throws InterruptedException {
        paused = false;
        leaving.countDown();
        session.wake();
        assertThat(thread.join(LEAVING)).as("%s has left", session.id()).isTrue();
    }

    @Override
    public final void abandon() {
        thread.interrupt();
    }

    private void run() {
        try {
            for (int i = 1; !leaving(); i++) {
                MemberSession next = begin(name + "#" + i);
                session = next;
                next.run();
                rest();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
