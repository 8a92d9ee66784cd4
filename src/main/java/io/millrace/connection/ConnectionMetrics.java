package io.millrace.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Metrics of connections, for all protocols alike. */
@Component
final class ConnectionMetrics {

    /** Why a connection was closed, or not accepted. */
    enum Cut {
        /** The node has its maximum of connections. */
        TOO_MANY,
        /** Its address has its maximum of connections. */
        ADDRESS,
        /** The TLS handshake failed, or was not complete in time. */
        HANDSHAKE,
        /** The head of a request was not complete in time. */
        HEAD,
        /** A body, or a line of one, was not complete in time. */
        BODY,
        /** Too many requests were sent before the first was answered. */
        PIPELINE
    }

    private final AtomicInteger open = new AtomicInteger();
    private final Map<Cut, Counter> cuts = new EnumMap<>(Cut.class);

    ConnectionMetrics(MeterRegistry registry) {
        Gauge.builder("millrace.connections", open, AtomicInteger::get)
                .description("Connections of clients")
                .strongReference(true)
                .register(registry);
        for (Cut cut : Cut.values()) {
            cuts.put(
                    cut,
                    Counter.builder("millrace.connections.cut")
                            .description("Connections that the hub closed, or did not accept")
                            .tag("reason", cut.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /** Connections that are open. */
    AtomicInteger open() {
        return open;
    }

    void cut(Cut reason) {
        java.util.Objects.requireNonNull(cuts.get(reason)).increment();
    }
}
