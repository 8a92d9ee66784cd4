package io.millrace.client;

import java.time.Duration;
import java.util.Map;

/**
 * A client's timeouts, and the headers that it sends with every request.
 *
 * @param connect timeout for a connection, and for the handshake of a WebSocket
 * @param answer timeout for an answer, from sending the request to the last byte, plus the time that the hub is asked
 *     to wait for records. For a streamed answer: until its head
 * @param headers sent with every request and handshake, by name, such as those that a proxy in front of the hub
 *     requires
 */
public record ClientSettings(Duration connect, Duration answer, Map<String, String> headers) {

    /** Longer than a hub takes for any request that does not ask it to wait. */
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
