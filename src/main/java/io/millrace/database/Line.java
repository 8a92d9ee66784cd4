package io.millrace.database;

import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Admits a fixed number of threads at a time, first come, first served. Unlike with a fair semaphore, a waiting thread
 * can wake up now and then without losing its place. Thread-safe.
 */
final class Line {

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Place> waiting = new ArrayDeque<>();
    private int free;

    /** @param places how many threads are admitted at a time, at least 1 */
    Line(int places, Ticker ticker) {
        if (places < 1) {
            throw new IllegalArgumentException("places must be at least 1, not " + places);
        }
        this.free = places;
        this.ticker = ticker;
    }

    /** Takes the last place in line. A thread that is let in must call {@link #leave}. */
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

    /** How many threads wait. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** A place in line. Used only by the thread that took it. */
    final class Place {

        private final Thread holder = Thread.currentThread();
        private volatile boolean in;

        private void letIn() {
            in = true;
            LockSupport.unpark(holder);
        }

        /** Waits to be let in; false after that time, in which case the place is kept. */
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

        /** Leaves the line. If it was let in meanwhile, the next one is let in instead. */
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
