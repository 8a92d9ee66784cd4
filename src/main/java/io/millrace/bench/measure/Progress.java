package io.millrace.bench.measure;

import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.bench.run.Window;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * Shows the progress of a run every second, and ends a run that is stuck. For the thread that runs the command.
 *
 * @param records done so far
 * @param bytes of all values so far
 * @param waiting what the hub must still answer or deliver; while there is none, a standstill is not an error
 * @param errors so far, of those that do not end the run
 * @param latencies adds the latencies since the last call to the given histogram
 */
public record Progress(
        PrintWriter out,
        LongSupplier records,
        LongSupplier bytes,
        LongSupplier waiting,
        LongSupplier errors,
        Consumer<Histogram> latencies) {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Longer than a hub needs to reconnect to PostgreSQL, or to restart after a kill. */
    private static final int PATIENCE_SECONDS = 30;

    /** @param window distinguishes the warm-up from the measured time */
    public void await(Run run, CompletableFuture<?> done, Window window) {
        long tick = System.nanoTime();
        long lastRecords = records.getAsLong();
        long lastBytes = bytes.getAsLong();
        int idle = 0;
        for (int second = 1; ; second++) {
            tick += SECOND;
            if (run.await(done, Math.max(0, tick - System.nanoTime()))) {
                return;
            }
            long nowRecords = records.getAsLong();
            long nowBytes = bytes.getAsLong();
            show(second, window.isWarmUp(System.nanoTime()), nowRecords - lastRecords, nowBytes - lastBytes);
            idle = nowRecords == lastRecords && waiting.getAsLong() > 0 ? idle + 1 : 0;
            if (idle == PATIENCE_SECONDS) {
                throw new BenchException("the hub has sent nothing for " + PATIENCE_SECONDS + " s; "
                        + waiting.getAsLong() + " answers or records are missing");
            }
            lastRecords = nowRecords;
            lastBytes = nowBytes;
        }
    }

    private void show(int second, boolean warmUp, long newRecords, long newBytes) {
        Histogram interval = Latencies.empty();
        latencies.accept(interval);
        String times = interval.getTotalCount() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  p50 %.2f ms  p99 %.2f ms",
                        interval.getValueAtPercentile(50) / 1e6,
                        interval.getValueAtPercentile(99) / 1e6);
        out.printf(
                Locale.ROOT,
                "%4d s%s  %,d records/s  %.1f MB/s%s  errors %d%n",
                second,
                warmUp ? " (warm-up)" : "",
                newRecords,
                newBytes / 1e6,
                times,
                errors.getAsLong());
        out.flush();
    }
}
