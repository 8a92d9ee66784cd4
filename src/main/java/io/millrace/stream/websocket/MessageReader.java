package io.millrace.stream.websocket;

import io.millrace.codec.BinaryProduceReader;
import io.millrace.codec.RecordParser;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.RecordLimits;
import io.millrace.json.JsonBuffer;
import io.millrace.logging.LimitedLog;
import io.millrace.stream.StreamProperties;
import io.millrace.stream.StreamServices;
import io.millrace.stream.websocket.frame.ClientFrame;
import io.millrace.stream.websocket.frame.FrameReader;
import io.millrace.stream.websocket.frame.ServerFrame;
import io.millrace.stream.websocket.frame.Subprotocol;
import io.millrace.topic.TopicConfig;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads complete messages of a WebSocket client: produce requests, and all others. A wrong frame is answered with an
 * error, and too many in a row close the connection. Event loop only.
 */
final class MessageReader {

    private static final LimitedLog log = LimitedLog.of(MessageReader.class);

    private static final byte[] PRODUCE = JsonBuffer.ascii("{\"type\":\"produce\"");

    /** A wrong frame longer than this is not searched for the {@code ref} and {@code id} of its error. */
    private static final int LONGEST_SEARCHED = 1024 * 1024;

    private final WsConnection connection;
    private final WsProducer producer;
    private final StreamProperties properties;
    private final RecordLimits limits;
    private int badFrames;

    MessageReader(WsConnection connection, WsProducer producer, StreamServices services) {
        this.connection = connection;
        this.producer = producer;
        this.properties = services.properties();
        this.limits = new RecordLimits(
                TopicConfig.LARGEST_RECORD_BYTES,
                properties.maxFrameRecords(),
                services.limits().maxHeaders());
    }

    /** Takes a text frame, at the start of an array that is reused. */
    void text(byte[] text, int length) {
        connection.heard();
        if (connection.closing() || tooLarge(length)) {
            return;
        }
        FrameReader reader = new FrameReader();
        try {
            if (isProduce(text, length)) {
                produce(reader, text, length);
            } else {
                ClientFrame frame = reader.read(text, length);
                badFrames = 0;
                connection.handle(frame, reader.ref(), length);
            }
        } catch (HubException refusal) {
            refused(refusal, reader.ref(), reader.id());
        } catch (RuntimeException failure) {
            failed(failure);
        }
        connection.updateReading();
    }

    private void produce(FrameReader reader, byte[] text, int length) {
        try {
            producer.produce(RecordParser.parseProduceFrame(text, 0, length, limits), length, Subprotocol.JSON);
            badFrames = 0;
        } catch (HubException wrong) {
            if (length <= LONGEST_SEARCHED) {
                reader.readNames(text, length);
            }
            throw wrong;
        }
    }

    private static boolean isProduce(byte[] text, int length) {
        boolean asWritten =
                length >= PRODUCE.length && Arrays.equals(text, 0, PRODUCE.length, PRODUCE, 0, PRODUCE.length);
        return asWritten || RecordParser.frameType(text, 0, length).equals("produce");
    }

    /** Takes a binary frame, likewise. */
    void binary(byte[] frame, int length) {
        connection.heard();
        if (connection.closing() || tooLarge(length)) {
            return;
        }
        if (connection.terms().subprotocol() == Subprotocol.JSON) {
            String detail = "binary frames need the subprotocol " + Subprotocol.BINARY.token();
            refused(new HubException(HubError.INVALID_REQUEST, detail), null, null);
            return;
        }
        BinaryProduceReader reader = new BinaryProduceReader(frame, length, limits);
        try {
            producer.produce(reader.read(), length, Subprotocol.BINARY);
            badFrames = 0;
        } catch (HubException refusal) {
            refused(refusal, reader.ref(), null);
        } catch (RuntimeException failure) {
            failed(failure);
        }
        connection.updateReading();
    }

    private boolean tooLarge(int length) {
        boolean tooLarge = length > properties.maxFrame().toBytes();
        if (tooLarge) {
            connection.close(CloseReason.FRAME_TOO_LARGE, "a frame has at most " + properties.maxFrame() + " bytes");
        }
        return tooLarge;
    }

    private void failed(RuntimeException failure) {
        log.failure(failure, "a frame could not be handled");
        connection.close(CloseReason.INTERNAL, "the hub failed");
    }

    private void refused(HubException refusal, @Nullable String ref, @Nullable String id) {
        connection.answer(new ServerFrame.Failed(ref, id, refusal), () -> {});
        boolean understood = refusal.error() != HubError.MALFORMED_JSON && refusal.error() != HubError.INVALID_REQUEST;
        badFrames = understood ? 0 : badFrames + 1;
        if (badFrames >= properties.maxBadFrames()) {
            connection.close(CloseReason.BAD_FRAMES, badFrames + " frames in a row could not be understood");
        }
    }
}
