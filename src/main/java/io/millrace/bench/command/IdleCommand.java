package io.millrace.bench.command;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.hub.HubMetrics;
import io.millrace.bench.measure.Report;
import io.millrace.bench.run.Run;
import io.millrace.bench.subscribe.Subscribers;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What subscribers cost that wait for records but get none. */
@Command(
        name = "idle",
        description = "Connects WebSocket subscribers that only wait, and measures what they cost the hub in memory and"
                + " CPU time, if it reports that (/actuator/prometheus on its port for health and metrics).")
public final class IdleCommand extends Measurement {

    private static final double NANOS = 1e9;
    private static final int MANAGEMENT_PORT = 8090;

    @Mixin
    private TopicOptions topic = new TopicOptions();

    @Option(
            names = "--subscribers",
            paramLabel = "N",
            description = "Connections that follow the whole topic. One source address has ports for about 28000.")
    private int subscribers = 10_000;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long the subscribers wait.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--management-url",
            paramLabel = "URL",
            description = "Where the hub has its metrics. Default: port 8090 of the host in --url.")
    private @Nullable String managementUrl;

    @Override
    void check() {
        topic.check(this);
        require(subscribers >= 1 && subscribers <= 50_000, "--subscribers must be 1 to 50000");
        require(!duration.isZero(), "--duration must not be 0");
    }

    @Override
    int threads() {
        return 1;
    }

    @Override
    Report measure(HubClient hub, EventLoops loops, Run run) throws NoAnswerException, InterruptedException {
        HubUrl management = managementUrl == null
                ? new HubUrl(hub.hub().host(), MANAGEMENT_PORT, "")
                : url("--management-url", managementUrl);
        try (HubClient metrics = new HubClient(management)) {
            return measure(hub, metrics, loops, run);
        }
    }

    private Report measure(HubClient hub, HubClient metrics, EventLoops loops, Run run)
            throws NoAnswerException, InterruptedException {
        String name = topic.open(hub).name();
        HubMetrics before = HubMetrics.afterCollection(metrics);
        long began = System.nanoTime();
        progress().printf("connecting %d subscribers%n", subscribers);
        progress().flush();
        Subscribers waiting = new Subscribers(run, loops, Subprotocol.JSON, name, subscribers, began);
        double connecting = (System.nanoTime() - began) / NANOS;
        progress().printf("connected after %.1f s; waiting%n", connecting);
        progress().flush();
        HubMetrics holding = HubMetrics.of(metrics);
        run.pause(duration.toNanos());
        HubMetrics held = HubMetrics.of(metrics);
        HubMetrics after = HubMetrics.afterCollection(metrics);
        Report report = new Report()
                .count("subscribers", subscribers)
                .number("seconds_to_connect", "seconds to connect and subscribe", connecting)
                .count("records_received_meanwhile", waiting.delivered());
        if (before == null || holding == null || held == null || after == null) {
            return report.note("The hub does not report its memory and CPU time: there is no /actuator/prometheus at"
                    + " --management-url.");
        }
        return costs(report, before, after)
                .number(
                        "hub_cores_while_waiting",
                        "hub: cores used while they wait",
                        (held.cpuSeconds() - holding.cpuSeconds()) / (duration.toNanos() / NANOS));
    }

    private Report costs(Report report, HubMetrics before, HubMetrics after) {
        return report.count("hub_heap_bytes_before", before.heapBytes())
                .count("hub_heap_bytes_after", after.heapBytes())
                .count("hub_heap_bytes_per_subscriber", (after.heapBytes() - before.heapBytes()) / subscribers)
                .count("hub_collections_meanwhile", after.collections() - before.collections())
                .count("hub_threads_before", before.threads())
                .count("hub_threads_after", after.threads())
                .note("The heap is what the hub reports right after a garbage collection, which this run provokes by"
                        + " asking for metrics repeatedly; it still holds what only a full collection frees. So begin"
                        + " with a hub that was just started: otherwise garbage of an earlier load is freed during"
                        + " the run, which hides what subscribers cost.");
    }
}
