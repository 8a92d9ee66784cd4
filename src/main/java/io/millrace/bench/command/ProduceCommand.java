package io.millrace.bench.command;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.format.TopicNames;
import io.millrace.bench.measure.GeneratorCost;
import io.millrace.bench.measure.Progress;
import io.millrace.bench.measure.Report;
import io.millrace.bench.produce.ProduceProtocol;
import io.millrace.bench.produce.Producers;
import io.millrace.bench.produce.Production;
import io.millrace.bench.run.Run;
import io.millrace.bench.run.Window;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast records are stored, and how long a producer waits for it. */
@Command(name = "produce", description = "Stores records, and measures throughput and latency.")
public final class ProduceCommand extends Measurement {

    private static final double NANOS = 1e9;

    @Mixin
    private TopicOptions topic = new TopicOptions();

    @Mixin
    private RecordOptions records = new RecordOptions();

    @Option(
            names = "--protocol",
            paramLabel = "http|ndjson|websocket|websocket-binary",
            description = "A request is a JSON document, NDJSON, a text frame or a binary frame.")
    private ProduceProtocol protocol = ProduceProtocol.HTTP;

    @Option(names = "--connections", paramLabel = "N", description = "Connections of all threads together.")
    private int connections = 64;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Unanswered requests allowed per connection (HTTP: pipelined).")
    private int inFlight = 1;

    @Option(names = "--batch", paramLabel = "N", description = "Records per request.")
    private int batch = 1;

    @Option(
            names = "--acks",
            paramLabel = "0|1",
            description = "Whether answers come before (0) or after (1) the records are stored.")
    private Production.Acks acks = Production.Acks.LEADER;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Records per second; 0 sends the next request when one is answered.")
    private double rate;

    @Mixin
    private TimeOptions time = new TimeOptions();

    @Option(
            names = "--records",
            paramLabel = "N",
            description = "Ends after this many measured records instead of after --duration.",
            showDefaultValue = Visibility.NEVER)
    private long total = 0;

    @Option(
            names = "--topics",
            paramLabel = "N",
            description = "Sends to this many topics in turn, named --topic and a number, instead of to one.")
    private int topics = 1;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that produce; one is enough for most hubs.")
    private int threads = 1;

    @Override
    void check() {
        topic.check(this);
        records.check(this);
        require(connections >= 1 && connections <= 50_000, "--connections must be 1 to 50000");
        require(inFlight >= 1 && inFlight <= Production.MOST_IN_FLIGHT, "--in-flight must be 1 to 1000000");
        require(batch >= 1 && batch <= 100_000, "--batch must be 1 to 100000");
        require((long) batch * records.payload() <= Integer.MAX_VALUE / 4, "--batch times --payload is too large");
        require(rate >= 0 && Double.isFinite(rate), "--rate must not be negative");
        time.check(this);
        require(total >= 0 && total % batch == 0, "--records must be a multiple of --batch");
        require(topics >= 1 && topics <= 100_000, "--topics must be 1 to 100000");
        require(threads >= 1 && threads <= 256, "--threads must be 1 to 256");
    }

    @Override
    int threads() {
        return Math.min(threads, connections);
    }

    @Override
    Report measure(HubClient hub, EventLoops loops, Run run) throws NoAnswerException, InterruptedException {
        TopicNames target = topic.openAll(hub, topics);
        Production production =
                new Production(target, protocol, connections, inFlight, batch, records.shape(), acks, rate);
        Producers producers = new Producers(run, loops, production, System.nanoTime());
        @Nullable AtomicLong budget = Production.budget(total, batch);
        long start = System.nanoTime();
        Window window = budget == null
                ? Window.of(start, time.warmUp(), time.duration())
                : Window.endless(start, time.warmUp());
        GeneratorCost cost = GeneratorCost.from(loops.loop(0), window.from());
        producers.start(window, budget);
        new Progress(
                        progress(),
                        producers::acknowledged,
                        () -> producers.acknowledged() * records.payload(),
                        producers::outstanding,
                        producers::refused,
                        producers::sinceLast)
                .await(run, producers.done(), window);
        long end = budget == null ? window.until() : producers.lastAnswer();
        return report(producers, (end - window.from()) / NANOS, cost.cores());
    }

    private Report report(Producers producers, double seconds, double cores) {
        long measured = producers.measured();
        Report report = new Report()
                .number("seconds", "seconds measured", seconds)
                .count("records", measured)
                .throughput(measured, measured * records.payload(), seconds)
                .number("requests_per_second", "requests/s", measured / seconds / batch)
                .count("records_acknowledged_in_all", producers.acknowledged())
                .count("records_refused", producers.refused())
                .latency("answer", "latency of answers", producers.latencies())
                .number("generator_cores", "cores used by this generator", cores);
        return LoadNotes.add(report, producers, rate);
    }
}
