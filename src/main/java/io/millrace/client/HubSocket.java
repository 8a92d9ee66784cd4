package io.millrace.client;

import io.millrace.client.message.CommitOffset;
import io.millrace.client.message.Frame;
import io.millrace.client.message.FrameParser;
import io.millrace.client.message.Json;
import io.millrace.client.message.Position;
import io.millrace.client.message.Subscription;
import io.millrace.codec.NewRecordWriter;
import io.millrace.event.Acks;
import io.millrace.event.NewRecord;
import io.millrace.event.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on which requests and records are values. Requests are asynchronous: the answer reaches the listener as a
 * {@link Frame} with the {@code ref} or the subscription's {@code id} that the caller has chosen. The returned futures
 * complete when the request is sent, see {@link MessageSocket#send}. A message that is not a hub's frame ends the
 * connection. Thread-safe.
 */
public final class HubSocket implements AutoCloseable {

    private final MessageSocket socket;
    private final Subprotocol subprotocol;

    private HubSocket(MessageSocket socket, Subprotocol subprotocol) {
        this.socket = socket;
        this.subprotocol = subprotocol;
    }

    static HubSocket open(Transport transport, SocketLoop loop, Subprotocol subprotocol, FrameListener listener)
            throws NoAnswerException, InterruptedException {
        MessageSocket socket = MessageSocket.open(
                transport.hub(), transport.settings(), loop, List.of(subprotocol.token()), new Parsing(listener));
        return new HubSocket(socket, subprotocol);
    }

    public CompletableFuture<Void> subscribe(Subscription subscription) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", "subscribe");
        frame.putAll(Json.MAPPER.convertValue(subscription, Map.class));
        return send(frame);
    }

    /** Ends a subscription; a {@link Frame.Revoked} is its last frame. */
    public CompletableFuture<Void> unsubscribe(String id) {
        return send(frame("unsubscribe", id));
    }

    /** Permits this many more records. */
    public CompletableFuture<Void> permit(String id, long records) {
        return send(with(frame("permit", id), "records", records));
    }

    /** Continues at other positions; records before the answering {@link Frame.Assigned} are from the old ones. */
    public CompletableFuture<Void> seek(String id, List<Position> positions) {
        return send(with(frame("seek", id), "partitions", positions));
    }

    /** @param partitions all if empty */
    public CompletableFuture<Void> pause(String id, List<TopicPartition> partitions) {
        return send(with(frame("pause", id), "partitions", partitions.isEmpty() ? null : partitions));
    }

    /** @param partitions all if empty */
    public CompletableFuture<Void> resume(String id, List<TopicPartition> partitions) {
        return send(with(frame("resume", id), "partitions", partitions.isEmpty() ? null : partitions));
    }

    /** Commits in a group: all offsets or none. Answered with {@link Frame.Committed} or {@link Frame.Error}. */
    public CompletableFuture<Void> commit(String id, String ref, List<CommitOffset> offsets) {
        return send(with(with(frame("commit", id), "ref", ref), "offsets", offsets));
    }

    /**
     * Stores records: all or none. Answered with {@link Frame.Produced} or {@link Frame.Error}; if the connection ends
     * before, it is unknown whether they are stored.
     *
     * @param ref null for none
     */
    public CompletableFuture<Void> produce(@Nullable String ref, String topic, Acks acks, List<NewRecord> records) {
        return switch (subprotocol) {
            case JSON ->
                socket.send(new String(NewRecordWriter.text(ref, topic, acks, records), StandardCharsets.UTF_8));
            case BINARY -> socket.send(NewRecordWriter.frame(ref, topic, acks, records));
        };
    }

    private static Map<String, Object> frame(String type, String id) {
        return with(with(new LinkedHashMap<>(), "type", type), "id", id);
    }

    private static Map<String, Object> with(Map<String, Object> frame, String name, @Nullable Object value) {
        if (value != null) {
            frame.put(name, value);
        }
        return frame;
    }

    private CompletableFuture<Void> send(Map<String, Object> frame) {
        return socket.send(Json.MAPPER.writeValueAsString(frame));
    }

    /** Ends the connection with a close frame, without waiting for the hub's. */
    @Override
    public void close() {
        socket.close();
    }

    /** Ends the connection without a close frame, like a client that dies. */
    public void abort() {
        socket.abort();
    }

    /** Parses messages into frames, on the client's event loop. */
    private record Parsing(FrameListener listener) implements MessageListener {

        @Override
        public void text(byte[] utf8) {
            listener.frame(FrameParser.text(utf8));
        }

        @Override
        public void binary(byte[] bytes) {
            listener.frame(FrameParser.binary(bytes));
        }

        @Override
        public void closed(int status, String reason) {
            listener.closed(status, reason);
        }
    }
}
