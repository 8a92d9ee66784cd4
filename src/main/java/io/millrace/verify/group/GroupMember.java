package io.millrace.verify.group;

import io.millrace.verify.history.GroupHistory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A member of a group, by any protocol, that records all events that it sees. It has a thread of its own: whenever a
 * session ends it begins another one, until it must leave.
 */
public abstract class GroupMember {

    private static final Duration REST = Duration.ofMillis(50);
    private static final Duration LEAVING = Duration.ofSeconds(60);

    private final String name;
    private final GroupHistory history;
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final Thread thread;
    private volatile MemberSession session;
    private volatile boolean paused;
    private volatile boolean stopped;

    GroupMember(String name, GroupHistory history) {
        this.name = name;
        this.history = history;
        this.session = new MemberSession.None(name + "#0", history);
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Creates a session to be run. */
    abstract MemberSession begin(String id);

    /** Joins and runs in its thread. */
    public final void start() {
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

    /** Its current or last session. */
    public final String session() {
        return session.id();
    }

    /** The partitions that it owns, as far as it knows. */
    public final Set<Integer> partitions() {
        return session.owned();
    }

    /** Stops processing, without telling the hub. */
    public final void pause() {
        paused = true;
    }

    /** Whether it has stopped by now, keeping the records that it has received. */
    public final boolean hasStopped() {
        return stopped;
    }

    public final void resume() {
        paused = false;
        session.wake();
    }

    /** Commits everything, leaves the group, and ends; false if it could not do so in time. */
    public final boolean leave() throws InterruptedException {
        paused = false;
        leaving.countDown();
        session.wake();
        return thread.join(LEAVING);
    }

    /** Ends at once. */
    public final void abandon() {
        thread.interrupt();
    }

    private void run() {
        try {
            for (int i = 1; !leaving(); i++) {
                MemberSession next = begin(name + "#" + i);
                session = next;
                run(next);
                rest();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** An answer that makes no sense ends the session, not the member. */
    private static void run(MemberSession next) throws InterruptedException {
        try {
            next.run();
        } catch (RuntimeException failure) {
            next.failed(failure.toString(), false);
            next.ended(0);
        }
    }
}
