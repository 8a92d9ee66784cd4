package io.millrace.database;

import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets so many in at a time, in the order in which they came. Unlike a fair semaphore it lets who waits look around now
 * and then without losing its place. Safe for any thread.
 */
final class Line {

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Place> waiting = new ArrayDeque<>();
    private int free;

    /** @param places how many are let in at a time, at least 1 */
    Line(int places, Ticker ticker) {
        if (places < 1) {
            throw new IllegalArgumentException("nobody gets into " + places + " places");
        }
        this.free = places;
        this.ticker = ticker;
    }

    /** Takes the last place in line; whoever gets in leaves by {@link #leave}. */
    Place enter() {
        Place place = new Place();
        lock.lock();
        try {
            if (free > 0) {
                free--;
                place.in = true;
            } else {
                waiting.addLast(place);
            }
        } finally {
            lock.unlock();
        }
        return place;
    }

    /** Lets the next in. */
    void leave() {
        lock.lock();
        try {
            Place next = waiting.pollFirst();
            if (next == null) {
                free++;
            } else {
                next.letIn();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** The place of the thread that took it, and alone uses it. */
    final class Place {

        private final Thread holder = Thread.currentThread();
        private volatile boolean in;

        private void letIn() {
            in = true;
            LockSupport.unpark(holder);
        }

        /** Waits for its turn; false if it has not come within that time, and the place is kept. */
        boolean await(Duration wait) throws InterruptedException {
            Deadline deadline = ticker.in(wait);
            while (!in && !deadline.isOver()) {
                deadline.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return in;
        }

        /** Waits no longer; a turn that came meanwhile goes to the next. */
        void giveUp() {
            lock.lock();
            try {
                if (!waiting.remove(this)) {
                    leave();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
