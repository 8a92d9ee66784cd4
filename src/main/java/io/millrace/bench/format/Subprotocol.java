package io.millrace.bench.format;

import io.millrace.bench.content.RecordShape;
import io.millrace.codec.NewRecordWriter;
import io.millrace.event.Acks;

/**
 * A WebSocket subprotocol of the hub. What tells one from another is how the frames that hold records are written, in
 * both directions; all other frames are JSON in text frames. Another subprotocol is another constant here.
 */
public enum Subprotocol {

    /** Records as JSON, in text frames too. */
    JSON(io.millrace.client.Subprotocol.JSON, false) {
        @Override
        public byte[] request(RecordShape shape, String topic, Acks acks, int records) {
            return NewRecordWriter.text(Refs.FIRST, topic, acks, shape.samples(records));
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
        public byte[] request(RecordShape shape, String topic, Acks acks, int records) {
            return NewRecordWriter.frame(Refs.FIRST, topic, acks, shape.samples(records));
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

    /** A frame that stores so many records, for a {@link Batch}. */
    public abstract byte[] request(RecordShape shape, String topic, Acks acks, int records);

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
