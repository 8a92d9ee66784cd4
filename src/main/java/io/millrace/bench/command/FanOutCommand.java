package io.millrace.bench.command;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.format.Subprotocol;
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

/** How many subscribers a hub can deliver the same records to, and with what delay. */
@Command(
        name = "fan-out",
        description = "Delivers every record to many WebSocket subscribers, counts lost and duplicated records, and"
                + " measures the latency of deliveries.")
public final class FanOutCommand extends Measurement {

    @Mixin
    private TopicOptions topic = new TopicOptions();

    @Mixin
    private RecordOptions records = new RecordOptions();

    @Option(names = "--subscribers", paramLabel = "N", description = "Connections that follow the whole topic.")
    private int subscribers = 1000;

    @Option(
            names = "--subscribe-url",
            paramLabel = "URL",
            description = "Another node of the same cluster for the subscribers.",
            showDefaultValue = Visibility.NEVER)
    private @Nullable String subscribeUrl;

    @Option(
            names = "--protocol",
            paramLabel = "websocket|websocket-binary",
            description = "Whether records are produced and delivered in text or binary frames.")
    private Subprotocol protocol = Subprotocol.JSON;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "1000", description = "Records produced per second.")
    private double rate;

    @Option(names = "--batch", paramLabel = "N", description = "Records per request.")
    private int batch = 1;

    @Mixin
    private TimeOptions time = new TimeOptions();

    @Option(names = "--threads", paramLabel = "N", description = "Threads that receive; one more produces.")
    private int threads = 1;

    @Override
    void check() {
        topic.check(this);
        records.check(this);
        time.check(this);
        require(subscribers >= 1 && subscribers <= 50_000, "--subscribers must be 1 to 50000");
        require(rate > 0 && Double.isFinite(rate), "--rate must be more than 0");
        require(batch >= 1 && batch <= 10_000, "--batch must be 1 to 10000");
        require(threads >= 1 && threads <= 256, "--threads must be 1 to 256");
    }

    @Override
    HubUrl loadUrl(HubUrl hub) {
        return subscribeUrl == null ? hub : url("--subscribe-url", subscribeUrl);
    }

    @Override
    int threads() {
        return Math.min(threads, subscribers);
    }

    @Override
    Report measure(HubClient hub, EventLoops loops, Run run) throws NoAnswerException, InterruptedException {
        Production production = new Production(
                TopicNames.one(topic.open(hub).name()),
                ProduceProtocol.of(protocol),
                1,
                LatencyCommand.IN_FLIGHT,
                batch,
                records.shape(),
                Production.Acks.LEADER,
                rate);
        return new Delivery(production, subscribers, hub.hub(), time, progress()).measure(hub, loops, run);
    }
}
