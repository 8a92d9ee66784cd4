package io.millrace.bench.measure;

import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * What each event loop measures on its own, added up over all of them. For the thread that runs the command.
 *
 * @param <L> what is on one event loop
 */
public record PerLoop<L extends PerLoop.Measured>(List<L> loops) {

    /** What is on one event loop has latencies of its own, so that it shares them with no other thread. */
    public interface Measured {

        Latencies latencies();
    }

    public PerLoop {
        loops = List.copyOf(loops);
    }

    /** @param figure that any thread may ask for */
    public long sum(ToLongFunction<L> figure) {
        return loops.stream().mapToLong(figure).sum();
    }

    /** Adds the latencies since the last call. */
    public void sinceLast(Histogram sum) {
        loops.forEach(loop -> loop.latencies().sinceLast(sum));
    }

    /** Those of the window, once nothing more comes. */
    public Histogram measured() {
        Histogram sum = Latencies.empty();
        loops.forEach(loop -> sum.add(loop.latencies().measured()));
        return sum;
    }
}
