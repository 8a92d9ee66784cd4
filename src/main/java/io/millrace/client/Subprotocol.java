package io.millrace.client;

/** The format of records on a WebSocket, in both directions. All other frames are JSON. */
public enum Subprotocol {
    /** As JSON, in text frames. */
    JSON("hub.v1.json"),
    /** In binary frames: less to parse, and no base64. */
    BINARY("hub.v1.bin");

    private final String token;

    Subprotocol(String token) {
        this.token = token;
    }

    /** Its name in the WebSocket handshake. */
    public String token() {
        return token;
    }
}
