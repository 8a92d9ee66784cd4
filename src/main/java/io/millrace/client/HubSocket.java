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
 * A WebSocket on which requests and records are values. Requests are not waited for: what a hub says to them comes as a
 * {@link Frame} to the listener, by the {@code ref} or the subscription's {@code id} that the caller has chosen. Their
 * futures tell when they are sent, as {@link MessageSocket#send} says. What comes and is no frame of a hub ends the
 * connection. For any thread.
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

    /** Ends a subscription; a {@link Frame.Revoked} is the last of it. */
    public CompletableFuture<Void> unsubscribe(String id) {
        return send(frame("unsubscribe", id));
    }

    /** Permits so many records more. */
    public CompletableFuture<Void> permit(String id, long records) {
        return send(with(frame("permit", id), "records", records));
    }

    /** Goes on elsewhere; records in front of the {@link Frame.Assigned} that answers are from where it was. */
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

    /** Commits in a group: all of it or nothing. Answered with {@link Frame.Committed} or {@link Frame.Error}. */
    public CompletableFuture<Void> commit(String id, String ref, List<CommitOffset> offsets) {
        return send(with(with(frame("commit", id), "ref", ref), "offsets", offsets));
    }

    /**
     * Stores records: all or none. Answered with {@link Frame.Produced} or {@link Frame.Error}; whether they are stored
     * is not known if the connection ends before that.
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

    /** Ends the connection with a closing frame, and does not wait for the hub's. */
    @Override
    public void close() {
        socket.close();
    }

    /** Ends the connection as a client that has died does. */
    public void abort() {
        socket.abort();
    }

    /** Messages as frames; the client's event loop calls it. */
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
