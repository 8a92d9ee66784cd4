package io.millrace.faults;

import java.util.function.BooleanSupplier;

/**
 * Clients that mean harm, all of one kind.
 *
 * @param name what they do
 * @param clients how many of them at once
 * @param life of one of them, from connecting on: begun anew when it is over, in whatever way, until all are to stop
 */
record Hostile(String name, int clients, Life life) {

    /** What one client does. */
    @FunctionalInterface
    interface Life {

        /** @param goesOn false when it is to stop */
        void live(int port, BooleanSupplier goesOn) throws Exception;
    }

    Hostile times(int factor) {
        return new Hostile(name, clients * factor, life);
    }

    /** Lets all of them live until {@code goesOn} is false; returns when they have ended. */
    void attack(int port, BooleanSupplier goesOn) throws InterruptedException {
        Thread[] threads = new Thread[clients];
        for (int i = 0; i < clients; i++) {
            threads[i] = Thread.ofVirtual().start(() -> again(port, goesOn));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void again(int port, BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean()) {
            try {
                life.live(port, goesOn);
            } catch (Exception cutOff) {
                pause();
            }
        }
    }

    /** One that was cut off is no hotter than a program that connects again. */
    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
    }
}
