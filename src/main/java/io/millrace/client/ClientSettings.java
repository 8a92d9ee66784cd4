package io.millrace.client;

import java.time.Duration;
import java.util.Map;

/**
 * How a client waits, and what it says with every request.
 *
 * @param connect how long for a connection, and for the hub's consent to a WebSocket
 * @param answer how long for an answer, from sending the request to the last byte; where the hub is asked to wait for
 *     records, that long more. Of an answer that goes on, its head
 * @param headers of every request and handshake, by their names, such as those that a proxy in front of the hub asks
 *     for
 */
public record ClientSettings(Duration connect, Duration answer, Map<String, String> headers) {

    /** Longer than a hub takes for anything that it is not asked to wait for. */
    public static final ClientSettings DEFAULTS =
            new ClientSettings(Duration.ofSeconds(10), Duration.ofSeconds(30), Map.of());

    public ClientSettings {
        headers = Map.copyOf(headers);
    }

    public ClientSettings connect(Duration patience) {
        return new ClientSettings(patience, answer, headers);
    }

    public ClientSettings answer(Duration patience) {
        return new ClientSettings(connect, patience, headers);
    }

    public ClientSettings headers(Map<String, String> sent) {
        return new ClientSettings(connect, answer, sent);
    }
}
