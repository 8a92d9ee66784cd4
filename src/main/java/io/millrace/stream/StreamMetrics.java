package io.millrace.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/** Metrics of the connected clients. */
@Component
public final class StreamMetrics {

    /** How a client is connected. */
    public enum Protocol {
        WEBSOCKET("ws"),
        EVENT_STREAM("sse");

        private final String tag;

        Protocol(String tag) {
            this.tag = tag;
        }
    }

    private record Meters(AtomicInteger clients, Counter records, Counter frames, Counter bytes, Counter tooSlow) {}

    private final MeterRegistry registry;
    private final Map<Protocol, Meters> meters = new EnumMap<>(Protocol.class);

    StreamMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Protocol protocol : Protocol.values()) {
            AtomicInteger clients = new AtomicInteger();
            Gauge.builder("millrace.stream.clients", clients, AtomicInteger::get)
                    .description("Clients connected to this node")
                    .tag("protocol", protocol.tag)
                    .strongReference(true)
                    .register(registry);
            meters.put(
                    protocol,
                    new Meters(
                            clients,
                            counter(protocol, "millrace.stream.records", "Records sent to clients"),
                            counter(protocol, "millrace.stream.frames", "Frames or chunks of events sent to clients"),
                            counter(protocol, "millrace.stream.sent", "Bytes of frames or events sent to clients"),
                            counter(
                                    protocol,
                                    "millrace.stream.too.slow",
                                    "Clients disconnected because they were too slow")));
        }
    }

    /** @param lag of the client with the largest lag, in records */
    void watchLag(LongSupplier lag) {
        Gauge.builder("millrace.stream.lag.max", lag::getAsLong)
                .description("Lag of the client that is furthest behind")
                .baseUnit("records")
                .register(registry);
    }

    public void connected(Protocol protocol, int change) {
        of(protocol).clients.addAndGet(change);
    }

    public void sent(Protocol protocol, int records, int bytes) {
        Meters sent = of(protocol);
        sent.records.increment(records);
        sent.frames.increment();
        sent.bytes.increment(bytes);
    }

    public void tooSlow(Protocol protocol) {
        of(protocol).tooSlow.increment();
    }

    private Meters of(Protocol protocol) {
        return java.util.Objects.requireNonNull(meters.get(protocol));
    }

    private Counter counter(Protocol protocol, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("protocol", protocol.tag)
                .register(registry);
    }
}
