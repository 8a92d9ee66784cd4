package io.millrace.bench.run;

/**
 * When each request is due at a given rate. The times are fixed in advance, so that a stalling hub is charged for every
 * request that it delays, not only for the one in flight (coordinated omission).
 *
 * @param start of the whole run, by {@link System#nanoTime()}
 * @param interval nanoseconds between two requests, over all threads
 * @param first this thread's first request, counted over all threads
 * @param step the number of threads that share the rate
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
