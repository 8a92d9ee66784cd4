package io.millrace.fetch;

import io.millrace.time.Deadline;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes one waiting thread. A {@link #raise} is not lost: one that comes before the wait ends it at once. Raising is
 * cheap enough for the thread that commits.
 */
final class Signal {

    private volatile boolean raised;
    private volatile Thread waiter;

    Signal() {
        waiter = Thread.currentThread();
    }

    /** Raises the signal. Any thread may call this. */
    void raise() {
        if (!raised) {
            raised = true;
            LockSupport.unpark(waiter);
        }
    }

    /** Lowers the signal. Called before checking for work, so that work that comes later raises it again. */
    void clear() {
        raised = false;
    }

    /**
     * Waits until the signal is raised.
     *
     * @return false if the deadline passed first
     */
    boolean await(Deadline deadline) throws InterruptedException {
        waiter = Thread.currentThread();
        while (!raised) {
            if (deadline.isOver()) {
                return false;
            }
            deadline.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return true;
    }
}
