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
 * Shows once a second how a run goes, and ends one that does not go on. For the thread that runs the command.
 *
 * @param records done so far
 * @param bytes of a record's value, or of a mean one
 * @param waiting what the hub has still to answer or deliver; a stop while there is none is no fault
 * @param errors what went wrong so far and did not end the run
 * @param latencies adds those since the last call; nothing if there are none
 */
public record Progress(
        PrintWriter out,
        LongSupplier records,
        LongSupplier bytes,
        LongSupplier waiting,
        LongSupplier errors,
        Consumer<Histogram> latencies) {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Longer than a hub needs to find its PostgreSQL again, or to be killed and started. */
    private static final int PATIENCE_SECONDS = 30;

    /** @param window to tell the warm-up from what counts */
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
                throw new BenchException("nothing has come from the hub for " + PATIENCE_SECONDS + " s; "
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
