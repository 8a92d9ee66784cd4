package io.millrace.bench.consume;

import io.millrace.bench.connection.BenchConnection;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import java.util.Locale;

/** How records are read from the hub. A new protocol is a new constant here, with a connection of its own. */
public enum ConsumeProtocol {

    /** One subscription, in text frames. */
    WEBSOCKET,
    /** One subscription, whose records come in binary frames. */
    WEBSOCKET_BINARY,
    /** A streamed answer for each partition. */
    NDJSON,
    /** One event stream. */
    SSE,
    /** A request for each page. */
    POLL;

    public BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
        return switch (this) {
            case WEBSOCKET -> new WebSocketConsumer(run, hub, Subprotocol.JSON, consumer);
            case WEBSOCKET_BINARY -> new WebSocketConsumer(run, hub, Subprotocol.BINARY, consumer);
            case NDJSON -> new NdjsonConsumer(run, hub, consumer);
            case SSE -> new SseConsumer(run, hub, consumer);
            case POLL -> new PollConsumer(run, hub, consumer);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
