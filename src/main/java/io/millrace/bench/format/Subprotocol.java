package io.millrace.bench.format;

import io.millrace.bench.content.RecordShape;

/**
 * A WebSocket subprotocol of the hub. What tells one from another is how the frames that hold records are written, in
 * both directions; all other frames are JSON in text frames. Another subprotocol is another constant here.
 */
public enum Subprotocol {

    /** Records as JSON, in text frames too. */
    JSON("hub.v1.json") {
        private static final String BEFORE_REF = "{\"type\":\"produce\",\"ref\":\"";

        @Override
        public RequestFormat request(RecordShape shape, String topic, String acks) {
            String opening = BEFORE_REF + "0".repeat(RequestFormat.REF_DIGITS) + "\",\"topic\":\"" + topic
                    + "\",\"acks\":\"" + acks + "\",\"records\":[";
            return RequestFormat.json(shape, opening, ",", "]}").withRefAt(BEFORE_REF.length());
        }

        @Override
        public FrameScanner scanner(String subscription, String topic) {
            return new JsonFrameScanner(subscription, topic);
        }
    };

    private final String token;

    Subprotocol(String token) {
        this.token = token;
    }

    /** How client and hub call it when they agree on it. */
    public String token() {
        return token;
    }

    /** How frames are written that store records. */
    public abstract RequestFormat request(RecordShape shape, String topic, String acks);

    /**
     * Reads the frames that a subscription to one topic is sent.
     *
     * @param subscription its {@code id}
     */
    public abstract FrameScanner scanner(String subscription, String topic);
}
