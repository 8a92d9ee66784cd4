package io.millrace.client;

/** In which form records come and go on a WebSocket. Everything else is JSON in both. */
public enum Subprotocol {
    /** As JSON, in text frames. */
    JSON("hub.v1.json"),
    /** In binary frames: less to parse, and no base64. */
    BINARY("hub.v1.bin");

    private final String token;

    Subprotocol(String token) {
        this.token = token;
    }

    /** How client and hub call it when they agree on it. */
    public String token() {
        return token;
    }
}
