package io.millrace.bench.run;

/**
 * When each request is due at a given rate. The times depend on nothing that happens, so that a hub which stalls is
 * charged for every request that it kept waiting, and not for the one that was under way (coordinated omission).
 *
 * @param start of the whole run, by {@link System#nanoTime()}
 * @param interval nanoseconds between two requests of all threads together
 * @param first this thread's first request, counted over all threads
 * @param step as many threads share the rate
 */
public record Schedule(long start, double interval, int first, int step) {

    private static final double NANOS_PER_SECOND = 1e9;

    /** @param batch records of each request */
    public static Schedule of(long start, double recordsPerSecond, int batch, int thread, int threads) {
        return new Schedule(start, NANOS_PER_SECOND * batch / recordsPerSecond, thread, threads);
    }

    /** When this thread's request of that number is due, counted from 0. */
    public long due(long request) {
        return start + (long) ((first + (double) request * step) * interval);
    }
}
