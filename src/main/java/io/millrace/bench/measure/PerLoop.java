package io.millrace.bench.measure;

import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * The measurements of each event loop, summed over all of them. For the thread that runs the command.
 *
 * @param <L> the measurements of one event loop
 */
public record PerLoop<L extends PerLoop.Measured>(List<L> loops) {

    /** The measurements of one event loop, with its own latencies, so that no other thread writes to them. */
    public interface Measured {

        Latencies latencies();
    }

    public PerLoop {
        loops = List.copyOf(loops);
    }

    /** @param figure that any thread may read */
    public long sum(ToLongFunction<L> figure) {
        return loops.stream().mapToLong(figure).sum();
    }

    /** Adds the latencies since the last call. */
    public void sinceLast(Histogram sum) {
        loops.forEach(loop -> loop.latencies().sinceLast(sum));
    }

    /** The latencies of the window, once the run is over. */
    public Histogram measured() {
        Histogram sum = Latencies.empty();
        loops.forEach(loop -> sum.add(loop.latencies().measured()));
        return sum;
    }
}
