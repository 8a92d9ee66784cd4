package io.millrace.faults;

import java.util.function.BooleanSupplier;

/**
 * Hostile clients of one kind.
 *
 * @param name what they do
 * @param clients how many run at once
 * @param script of one client, from connecting on; restarted whenever it ends, until all must stop
 */
record Hostile(String name, int clients, Script script) {

    /** What one client does. */
    @FunctionalInterface
    interface Script {

        /** @param running false once it must stop */
        void run(int port, BooleanSupplier running) throws Exception;
    }

    Hostile times(int factor) {
        return new Hostile(name, clients * factor, script);
    }

    /** Runs all of them until {@code running} is false; returns when they have ended. */
    void attack(int port, BooleanSupplier running) throws InterruptedException {
        Thread[] threads = new Thread[clients];
        for (int i = 0; i < clients; i++) {
            threads[i] = Thread.ofVirtual().start(() -> repeat(port, running));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void repeat(int port, BooleanSupplier running) {
        while (running.getAsBoolean()) {
            try {
                script.run(port, running);
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
