package io.millrace.database;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets so many in at a time, in the order in which they came. Unlike a fair semaphore it lets who waits look around now
 * and then without losing its place. Safe for any thread.
 */
final class Line {

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Place> waiting = new ArrayDeque<>();
    private int free;

    /** @param places how many are let in at a time, at least 1 */
    Line(int places) {
        if (places < 1) {
            throw new IllegalArgumentException("nobody gets into " + places + " places");
        }
        this.free = places;
    }

    /** Takes the last place in line; whoever gets in leaves by {@link #leave}. */
    Place enter() {
        Place place = new Place();
        lock.lock();
        try {
            if (free > 0) {
                free--;
                place.in.countDown();
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
                next.in.countDown();
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

    /** Somebody's place; used by one thread. */
    final class Place {

        private final CountDownLatch in = new CountDownLatch(1);

        /** Waits for its turn; false if it has not come within that time, and the place is kept. */
        boolean await(long nanos) throws InterruptedException {
            return in.await(nanos, TimeUnit.NANOSECONDS);
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
