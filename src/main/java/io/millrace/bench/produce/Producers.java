package io.millrace.bench.produce;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.format.Batch;
import io.millrace.bench.measure.Latencies;
import io.millrace.bench.run.Run;
import io.millrace.bench.run.Window;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** All producers of a run, over all event loops. For the thread that runs the command. */
public final class Producers {

    private final Production production;
    private final List<ProducerLoop> loops = new ArrayList<>();

    /**
     * Opens the connections.
     *
     * @param zero the nano time from which the send times in the records count
     */
    public Producers(Run run, EventLoops threads, Production production, long zero) {
        this.production = production;
        int used = Math.min(threads.count(), production.connections());
        for (int i = 0; i < used; i++) {
            EventLoop loop = threads.loop(i);
            Batch batch = production.protocol().batch(threads.hub(), production, zero, i);
            loops.add(new ProducerLoop(loop, batch, production));
        }
        threads.openAll(
                run,
                production.connections(),
                i -> production.protocol().connection(run, threads.hub(), loops.get(i % used)),
                production.protocol()::codec);
    }

    /** @param budget requests that all loops share; null if the window is the only limit */
    public void start(Window window, @Nullable AtomicLong budget) {
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).start(window, production.schedule(window.start(), i, loops.size()), budget);
        }
    }

    public CompletableFuture<?> done() {
        return CompletableFuture.allOf(loops.stream().map(ProducerLoop::done).toArray(CompletableFuture[]::new));
    }

    public long acknowledged() {
        return sum(ProducerLoop::acknowledged);
    }

    public long refused() {
        return sum(ProducerLoop::refused);
    }

    public long outstanding() {
        return sum(ProducerLoop::outstanding);
    }

    public long measured() {
        return sum(ProducerLoop::measured);
    }

    public long unsent() {
        return sum(ProducerLoop::unsent);
    }

    public long lastAnswer() {
        return loops.stream().mapToLong(ProducerLoop::lastAnswer).max().orElseThrow();
    }

    /** Adds the latencies since the last call. */
    public void sinceLast(Histogram sum) {
        loops.forEach(loop -> loop.latencies().sinceLast(sum));
    }

    public Histogram latencies() {
        Histogram sum = Latencies.empty();
        loops.forEach(loop -> sum.add(loop.latencies().measured()));
        return sum;
    }

    private long sum(ToLongFunction<ProducerLoop> figure) {
        return loops.stream().mapToLong(figure).sum();
    }
}
