package io.millrace.bench.command;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.measure.GeneratorCost;
import io.millrace.bench.measure.Progress;
import io.millrace.bench.measure.Report;
import io.millrace.bench.produce.Producers;
import io.millrace.bench.produce.Production;
import io.millrace.bench.run.Run;
import io.millrace.bench.run.Window;
import io.millrace.bench.subscribe.Subscribers;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/**
 * From producer to subscriber: what {@code fan-out} and {@code latency} have in common. Producers have a thread of
 * their own, so that a busy subscriber does not delay them.
 *
 * @param to the hub that producers send to; subscribers may be connected to another one
 */
record Delivery(Production production, int subscribers, HubUrl to, TimeOptions time, PrintWriter progress) {

    private static final double NANOS = 1e9;

    /** Records count as lost after this time without a delivery: longer than a hub needs to reconnect to PostgreSQL. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final long LOOK_MILLIS = 20;

    Report measure(HubClient hub, EventLoops loops, Run run) throws NoAnswerException, InterruptedException {
        long zero = System.nanoTime();
        try (EventLoops producing = new EventLoops(to, 1)) {
            Subprotocol subprotocol = production.protocol().subprotocol();
            Subscribers following =
                    new Subscribers(run, loops, subprotocol, production.topics().first(), subscribers, zero);
            Producers producers = new Producers(run, producing, production, zero);
            Window window = Window.of(System.nanoTime(), time.warmUp(), time.duration());
            following.start(window);
            GeneratorCost cost = GeneratorCost.from(loops.loop(0), window.from());
            producers.start(window, null);
            new Progress(
                            progress,
                            following::delivered,
                            () -> following.delivered() * production.shape().payload(),
                            producers::outstanding,
                            producers::refused,
                            following::sinceLast)
                    .await(run, producers.done(), window);
            double cores = cost.cores();
            long expected =
                    following.expected(hub.topics().describe(production.topics().first()));
            awaitAll(run, following, expected);
            run.finish();
            return report(producers, following, expected, cores);
        }
    }

    private static void awaitAll(Run run, Subscribers following, long expected) {
        long delivered = following.delivered();
        long since = System.nanoTime();
        while (delivered < expected && System.nanoTime() - since < PATIENCE_NANOS) {
            run.pause(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            if (following.delivered() > delivered) {
                delivered = following.delivered();
                since = System.nanoTime();
            }
        }
    }

    private Report report(Producers producers, Subscribers following, long expected, double cores) {
        double seconds = time.duration().toNanos() / NANOS;
        int payload = production.shape().payload();
        long lost = Math.max(0, expected - following.delivered());
        Report report = new Report()
                .number("seconds", "seconds measured", seconds)
                .number("produced_per_second", "records/s produced", producers.measured() / seconds)
                .throughput(following.counted(), following.counted() * payload, seconds)
                .count("deliveries_in_all", following.delivered())
                .count("deliveries_expected", expected)
                .count("lost", lost)
                .count("duplicated", following.duplicated())
                .number(
                        "records_per_frame",
                        "records/frame",
                        (double) following.delivered() / Math.max(1, following.frames()))
                .count("records_acknowledged_in_all", producers.acknowledged())
                .count("records_refused", producers.refused())
                .latency("answer", "latency of answers", producers.latencies())
                .latency("receipt", "latency to the receipt", following.latencies())
                .number("generator_cores", "cores used by this generator", cores);
        if (lost > 0 || following.duplicated() > 0) {
            report.failed(lost + " records were lost and " + following.duplicated() + " were duplicated");
        }
        return LoadNotes.add(report, producers, production.rate());
    }
}
