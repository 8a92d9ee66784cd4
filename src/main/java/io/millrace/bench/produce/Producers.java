package io.millrace.bench.produce;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.format.Batch;
import io.millrace.bench.measure.PerLoop;
import io.millrace.bench.run.Run;
import io.millrace.bench.run.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** All producers of a run, over all event loops. For the thread that runs the command. */
public final class Producers {

    private final Production production;
    private final PerLoop<ProducerLoop> loops;

    /**
     * Opens the connections.
     *
     * @param zero the nano time that the send times in the records count from
     */
    public Producers(Run run, EventLoops threads, Production production, long zero) {
        this.production = production;
        int used = Math.min(threads.count(), production.connections());
        ProducerConnections connections = new ProducerConnections(threads.hub(), production);
        byte[] request = connections.request();
        List<ProducerLoop> all = new ArrayList<>();
        for (int i = 0; i < used; i++) {
            Batch batch = new Batch(request, production.topics(), production.shape(), production.batch(), zero, i);
            all.add(new ProducerLoop(threads.loop(i), batch, production));
        }
        loops = new PerLoop<>(all);
        threads.openAll(run, production.connections(), i -> connections.connection(run, all.get(i % used)));
    }

    /** @param budget the number of requests, shared by all loops; null if the window is the only limit */
    public void start(Window window, @Nullable AtomicLong budget) {
        List<ProducerLoop> all = loops.loops();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).start(window, production.schedule(window.start(), i, all.size()), budget);
        }
    }

    public CompletableFuture<?> done() {
        return CompletableFuture.allOf(
                loops.loops().stream().map(ProducerLoop::done).toArray(CompletableFuture[]::new));
    }

    public long acknowledged() {
        return loops.sum(ProducerLoop::acknowledged);
    }

    public long refused() {
        return loops.sum(ProducerLoop::refused);
    }

    public long outstanding() {
        return loops.sum(ProducerLoop::outstanding);
    }

    public long measured() {
        return loops.sum(ProducerLoop::measured);
    }

    public long unsent() {
        return loops.sum(ProducerLoop::unsent);
    }

    public long lastAnswer() {
        return loops.loops().stream().mapToLong(ProducerLoop::lastAnswer).max().orElseThrow();
    }

    /** Adds the latencies since the last call. */
    public void sinceLast(Histogram sum) {
        loops.sinceLast(sum);
    }

    public Histogram latencies() {
        return loops.measured();
    }
}
