package io.millrace.stream.websocket;

import io.millrace.stream.StreamProperties;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client is there: it answers pings, and reads what waits for it. The times are those of
 * {@link System#nanoTime()}. Safe for any thread, but for {@link #stalled}.
 */
final class WsHealth {

    private final StreamProperties properties;
    private final Outbound out;
    private volatile long heardAt = System.nanoTime();
    private volatile long pingedAt = heardAt;

    WsHealth(StreamProperties properties, Outbound out) {
        this.properties = properties;
        this.out = out;
    }

    /** Something came from the client, or nothing could have, as its socket was not read. */
    void heard() {
        heardAt = System.nanoTime();
    }

    /** Pings when it is time to; false if the client has been silent for too long. */
    boolean ping(long now) {
        if (now - pingedAt >= properties.pingInterval().toNanos()) {
            pingedAt = now;
            out.answers().ping();
        }
        Duration longest = properties.pingInterval().plus(properties.pongTimeout());
        return now - heardAt <= longest.toNanos();
    }

    /** Whether the client has read nothing of what waits for it for too long; event loop only. */
    @Nullable
    String stalled(long now) {
        return out.stuckFor(now) > properties.stallTimeout().toNanos()
                ? "the client has read nothing for " + properties.stallTimeout().toSeconds() + " s"
                : null;
    }
}
