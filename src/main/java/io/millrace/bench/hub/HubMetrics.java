package io.millrace.bench.hub;

import io.millrace.client.Answer;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hub's metrics of its own process, from {@code /actuator/prometheus}.
 *
 * @param heapBytes used heap
 * @param collections garbage collections since the start
 * @param cpuSeconds since the start
 * @param threads platform threads
 */
public record HubMetrics(long heapBytes, long collections, double cpuSeconds, long threads) {

    /** Each request creates some garbage, which leads to a collection sooner or later. */
    private static final int MOST_QUESTIONS = 20_000;

    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final double NANOS = 1e9;

    /**
     * Null if the hub does not report them.
     *
     * @param hub a client of its port for health and metrics
     */
    public static @Nullable HubMetrics of(HubClient hub) throws NoAnswerException, InterruptedException {
        try {
            Answer answer = hub.get("/actuator/prometheus");
            return answer.isSuccess() ? parse(answer.text()) : null;
        } catch (NoAnswerException closed) {
            // Operators need not publish the port.
            return null;
        }
    }

    /**
     * The same right after a garbage collection, so that the heap holds mostly live objects; without a collection in
     * time, the last metrics read.
     */
    public static @Nullable HubMetrics afterCollection(HubClient hub) throws NoAnswerException, InterruptedException {
        HubMetrics first = of(hub);
        long began = System.nanoTime();
        HubMetrics last = first;
        for (int i = 0; i < MOST_QUESTIONS && last != null && System.nanoTime() - began < PATIENCE_NANOS; i++) {
            last = of(hub);
            if (first != null && last != null && last.collections() > first.collections()) {
                return last;
            }
        }
        return last;
    }

    /** Null if a required metric is missing. */
    static @Nullable HubMetrics parse(String text) {
        Map<String, Double> sums = new HashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> add(sums, line));
        Double heap = sums.get("heap");
        Double cpu = sums.get("process_cpu_time_ns_total");
        if (heap == null || cpu == null) {
            return null;
        }
        return new HubMetrics(
                heap.longValue(),
                sums.getOrDefault("jvm_gc_pause_seconds_count", 0.0).longValue(),
                cpu / NANOS,
                sums.getOrDefault("jvm_threads_live_threads", 0.0).longValue());
    }

    private static void add(Map<String, Double> sums, String line) {
        int value = line.lastIndexOf(' ');
        int labels = line.indexOf('{');
        if (value < 0) {
            return;
        }
        String name = line.substring(0, labels < 0 ? value : labels);
        if (name.equals("jvm_memory_used_bytes")) {
            name = line.contains("area=\"heap\"") ? "heap" : "other memory";
        }
        try {
            sums.merge(name, Double.parseDouble(line.substring(value + 1)), Double::sum);
        } catch (NumberFormatException notANumber) {
            // Not a relevant line.
        }
    }
}
