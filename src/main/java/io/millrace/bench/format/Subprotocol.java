package io.millrace.bench.format;

import io.millrace.bench.content.RecordShape;
import io.millrace.codec.NewRecordWriter;
import io.millrace.event.Acks;

/**
 * A WebSocket subprotocol of the hub. Subprotocols differ in the format of the frames that hold records, in both
 * directions; all other frames are JSON in text frames. A new subprotocol is a new constant here.
 */
public enum Subprotocol {

    /** Records as JSON, also in text frames. */
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

    /** Records in binary frames, with length-prefixed keys, values and headers. */
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

    /** Its name in the WebSocket handshake. */
    public String token() {
        return agreed.token();
    }

    /** Whether frames with records, and the answers to produce requests, are binary. */
    public boolean binary() {
        return binary;
    }

    /** A frame that stores a number of records, for a {@link Batch}. */
    public abstract byte[] request(RecordShape shape, String topic, Acks acks, int records);

    /** Reads the answers to produce requests. */
    public abstract AnswerScanner answers();

    /**
     * Reads the frames with records of a subscription to one topic.
     *
     * @param subscription its {@code id}
     */
    public abstract FrameScanner scanner(String subscription, String topic);

    /** The name in the commands' options. */
    @Override
    public String toString() {
        return switch (this) {
            case JSON -> "websocket";
            case BINARY -> "websocket-binary";
        };
    }
}
