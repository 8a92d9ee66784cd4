package io.millrace.stream.websocket;

import io.millrace.stream.StreamProperties;
import io.millrace.time.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a client answers pings and reads what waits for it. The times are the ticker's. Safe for any thread,
 * except {@link #stalled}.
 */
final class WsHealth {

    private final StreamProperties properties;
    private final Outbound out;
    private final Ticker ticker;
    private volatile long heardAt;
    private volatile long pingedAt;

    WsHealth(StreamProperties properties, Outbound out, Ticker ticker) {
        this.properties = properties;
        this.out = out;
        this.ticker = ticker;
        this.heardAt = ticker.nanos();
        this.pingedAt = heardAt;
    }

    /** Something came from the client, or could not have come, as its socket was not read. */
    void heard() {
        heardAt = ticker.nanos();
    }

    /** Pings when a ping is due; false if the client has been silent for too long. */
    boolean ping(long now) {
        if (now - pingedAt >= properties.pingInterval().toNanos()) {
            pingedAt = now;
            out.answers().ping();
        }
        Duration longest = properties.pingInterval().plus(properties.pongTimeout());
        return now - heardAt <= longest.toNanos();
    }

    /** The detail of the error if the client has read nothing for too long, else null; event loop only. */
    @Nullable
    String stalled(long now) {
        return out.stuckFor(now) > properties.stallTimeout().toNanos()
                ? "the client has read nothing for " + properties.stallTimeout().toSeconds() + " s"
                : null;
    }
}
