package io.millrace.bench.produce;

import io.millrace.bench.format.Subprotocol;
import java.util.Locale;

/** How records get to the hub. Another protocol is another constant here. */
public enum ProduceProtocol {

    /** A JSON document a request. */
    HTTP,

    /** A request of lines, a record each. */
    NDJSON,

    /** A text frame a request. */
    WEBSOCKET,

    /** A binary frame a request. */
    WEBSOCKET_BINARY;

    /** The one whose frames are those of a subprotocol. */
    public static ProduceProtocol of(Subprotocol subprotocol) {
        return switch (subprotocol) {
            case JSON -> WEBSOCKET;
            case BINARY -> WEBSOCKET_BINARY;
        };
    }

    /** The subprotocol for subscribers beside such producers: theirs, and beside HTTP the one in JSON as well. */
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
