package io.millrace.bench.command;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.format.TopicNames;
import io.millrace.bench.measure.Report;
import io.millrace.bench.produce.ProduceProtocol;
import io.millrace.bench.produce.Production;
import io.millrace.bench.run.Run;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a record takes from a producer to a subscriber. */
@Command(
        name = "latency",
        description = "Measures how long records take from a producer to its answer, and to a WebSocket subscriber.")
public final class LatencyCommand extends Measurement {

    /** The number of requests that the hub reads before it stops reading from a connection. */
    static final int IN_FLIGHT = 1000;

    @Mixin
    private TopicOptions topic = new TopicOptions();

    @Mixin
    private RecordOptions records = new RecordOptions();

    @Option(
            names = "--protocol",
            paramLabel = "http|ndjson|websocket|websocket-binary",
            description = "How records are produced; websocket-binary also delivers them in binary frames. Over HTTP,"
                    + " most clients behave like '--connections 64 --in-flight 1'.")
    private ProduceProtocol protocol = ProduceProtocol.WEBSOCKET;

    @Option(names = "--connections", paramLabel = "N", description = "Connections that produce.")
    private int connections = 1;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Unanswered requests allowed per connection (HTTP: pipelined).")
    private int inFlight = IN_FLIGHT;

    @Option(
            names = "--subscribe-url",
            paramLabel = "URL",
            description = "Another node of the same cluster for the subscriber.",
            showDefaultValue = Visibility.NEVER)
    private @Nullable String subscribeUrl;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "10000", description = "Records produced per second.")
    private double rate;

    @Option(names = "--batch", paramLabel = "N", description = "Records per request.")
    private int batch = 1;

    @Mixin
    private TimeOptions time = new TimeOptions();

    @Override
    void check() {
        topic.check(this);
        records.check(this);
        time.check(this);
        require(connections >= 1 && connections <= 10_000, "--connections must be 1 to 10000");
        require(inFlight >= 1 && inFlight <= Production.MOST_IN_FLIGHT, "--in-flight must be 1 to 1000000");
        require(rate > 0 && Double.isFinite(rate), "--rate must be more than 0");
        require(batch >= 1 && batch <= 10_000, "--batch must be 1 to 10000");
    }

    @Override
    HubUrl loadUrl(HubUrl hub) {
        return subscribeUrl == null ? hub : url("--subscribe-url", subscribeUrl);
    }

    @Override
    int threads() {
        return 1;
    }

    @Override
    Report measure(HubClient hub, EventLoops loops, Run run) throws NoAnswerException, InterruptedException {
        Production production = new Production(
                TopicNames.one(topic.open(hub).name()),
                protocol,
                connections,
                inFlight,
                batch,
                records.shape(),
                Production.Acks.LEADER,
                rate);
        return new Delivery(production, 1, hub.hub(), time, progress()).measure(hub, loops, run);
    }
}
