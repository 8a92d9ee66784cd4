package io.millrace.bench.format;

import io.millrace.bench.content.RecordShape;

/**
 * A WebSocket subprotocol of the hub. What tells one from another is how the frames that hold records are written, in
 * both directions; all other frames are JSON in text frames. Another subprotocol is another constant here.
 */
public enum Subprotocol {

    /** Records as JSON, in text frames too. */
    JSON(io.millrace.client.Subprotocol.JSON, false) {
        private static final String BEFORE_REF = "{\"type\":\"produce\",\"ref\":\"";

        @Override
        public RequestFormat request(RecordShape shape, String topic, String acks, int records) {
            String opening = BEFORE_REF + "0".repeat(RequestFormat.REF_DIGITS) + "\",\"topic\":\"" + topic
                    + "\",\"acks\":\"" + acks + "\",\"records\":[";
            return RequestFormat.json(shape, opening, ",", "]}").withRefAt(BEFORE_REF.length());
        }

        @Override
        public FrameScanner scanner(String subscription, String topic) {
            return new JsonFrameScanner(subscription, topic);
        }

        @Override
        public AnswerScanner answers() {
            return new JsonAnswerScanner();
        }
    },

    /** Records in binary frames, their keys, values and headers behind their lengths. */
    BINARY(io.millrace.client.Subprotocol.BINARY, true) {
        @Override
        public RequestFormat request(RecordShape shape, String topic, String acks, int records) {
            return BinaryFrames.request(shape, topic, acks, records);
        }

        @Override
        public FrameScanner scanner(String subscription, String topic) {
            return new BinaryFrameScanner(subscription, topic);
        }

        @Override
        public AnswerScanner answers() {
            return new BinaryAnswerScanner();
        }
    };

    private final io.millrace.client.Subprotocol agreed;
    private final boolean binary;

    Subprotocol(io.millrace.client.Subprotocol agreed, boolean binary) {
        this.agreed = agreed;
        this.binary = binary;
    }

    /** How client and hub call it when they agree on it. */
    public String token() {
        return agreed.token();
    }

    /** Whether the frames that hold records, and the answers to those that store some, are binary ones. */
    public boolean binary() {
        return binary;
    }

    /** How frames are written that store so many records. */
    public abstract RequestFormat request(RecordShape shape, String topic, String acks, int records);

    /** Reads the answers to these. */
    public abstract AnswerScanner answers();

    /**
     * Reads the frames that a subscription to one topic is sent.
     *
     * @param subscription its {@code id}
     */
    public abstract FrameScanner scanner(String subscription, String topic);

    /** As the commands call it. */
    @Override
    public String toString() {
        return switch (this) {
            case JSON -> "websocket";
            case BINARY -> "websocket-binary";
        };
    }
}
