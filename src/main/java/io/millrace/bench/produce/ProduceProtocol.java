package io.millrace.bench.produce;

import io.millrace.bench.format.Subprotocol;
import java.util.Locale;

/** How records are sent to the hub. A new protocol is a new constant here. */
public enum ProduceProtocol {

    /** One JSON document per request. */
    HTTP,

    /** One line per record. */
    NDJSON,

    /** One text frame per request. */
    WEBSOCKET,

    /** One binary frame per request. */
    WEBSOCKET_BINARY;

    /** The protocol for a subprotocol. */
    public static ProduceProtocol of(Subprotocol subprotocol) {
        return switch (subprotocol) {
            case JSON -> WEBSOCKET;
            case BINARY -> WEBSOCKET_BINARY;
        };
    }

    /** The subprotocol for the subscribers to such producers: the producers' own, or JSON for HTTP producers. */
    public Subprotocol subprotocol() {
        return switch (this) {
            case HTTP, NDJSON, WEBSOCKET -> Subprotocol.JSON;
            case WEBSOCKET_BINARY -> Subprotocol.BINARY;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
