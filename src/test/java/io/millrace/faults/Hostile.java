package io.millrace.faults;

import java.util.function.BooleanSupplier;

/**
 * Hostile clients of one kind.
 *
 * @param name what they do
 * @param clients how many run at once
 * @param life of one client, from connecting on; restarted whenever it ends, until all must stop
 */
record Hostile(String name, int clients, Life life) {

    /** What one client does. */
    @FunctionalInterface
    interface Life {

        /** @param goesOn false when it must stop */
        void live(int port, BooleanSupplier goesOn) throws Exception;
    }

    Hostile times(int factor) {
        return new Hostile(name, clients * factor, life);
    }

    /** Runs all of them until {@code goesOn} is false; returns when they have ended. */
    void attack(int port, BooleanSupplier goesOn) throws InterruptedException {
        Thread[] threads = new Thread[clients];
        for (int i = 0; i < clients; i++) {
            threads[i] = Thread.ofVirtual().start(() -> repeat(port, goesOn));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void repeat(int port, BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean()) {
            try {
                life.live(port, goesOn);
            } catch (Exception cutOff) {
                pause();
            }
        }
    }

    /** A client that was cut off reconnects no faster than an ordinary program. */
    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
    }
}
