package io.millrace.stream.websocket;

import io.millrace.fetch.TakeGate;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets at most {@value #MAX_TURNS} of a connection's subscriptions at a time read and take records, so that they do not
 * all hold some while they wait for room. The one that has waited longest is woken first. Safe for any thread.
 */
final class Turns {

    /** Enough for one to read while another sends. */
    private static final int MAX_TURNS = 4;

    private final AtomicInteger taken = new AtomicInteger();
    private final Queue<Turn> waiting = new ConcurrentLinkedQueue<>();

    /** One subscription's turn. */
    TakeGate turn(Runnable wake) {
        return new Turn(wake);
    }

    private final class Turn implements TakeGate {

        private final Runnable wake;
        private final AtomicBoolean queued = new AtomicBoolean();

        Turn(Runnable wake) {
            this.wake = wake;
        }

        @Override
        public boolean enter() {
            if (taken.getAndUpdate(now -> Math.min(now + 1, MAX_TURNS)) < MAX_TURNS) {
                return true;
            }
            if (queued.compareAndSet(false, true)) {
                waiting.add(this);
            }
            return false;
        }

        @Override
        public void leave() {
            taken.decrementAndGet();
            Turn next = waiting.poll();
            if (next != null) {
                next.queued.set(false);
                next.wake.run();
            }
        }
    }
}
