package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.HubClient;
import io.millrace.client.MessageListener;
import io.millrace.client.MessageSocket;
import io.millrace.stream.websocket.frame.Subprotocol;
import io.millrace.testing.AsyncApiContract;
import io.millrace.testing.Hub;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A WebSocket client that keeps the frames it receives. It checks text frames against the AsyncAPI document. */
public final class WsClient implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> binaryFrames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final MessageSocket socket;

    private WsClient(HubClient hub, boolean reading, String... subprotocols) {
        try {
            this.socket = hub.messages(List.of(subprotocols), new Listener());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
        socket.reading(reading);
    }

    /** A client that offers these subprotocols. */
    public static WsClient offering(Hub hub, String... subprotocols) {
        return new WsClient(hub.client(), true, subprotocols);
    }

    /** The agreed subprotocol; empty for none. */
    String subprotocol() {
        return socket.subprotocol();
    }

    public static WsClient connect(Hub hub) {
        return connect(hub.client());
    }

    /** A client with the settings of another, such as its credentials. */
    public static WsClient connect(HubClient client) {
        return new WsClient(client, true, Subprotocol.JSON.token());
    }

    /** A client that never reads. */
    static WsClient connectStalled(Hub hub) {
        return new WsClient(hub.client(), false, Subprotocol.JSON.token());
    }

    /** Sends a frame written with single quotes. */
    public WsClient send(String frame) {
        return sendRaw(frame.replace('\'', '"'));
    }

    WsClient sendRaw(String frame) {
        socket.send(frame).join();
        return this;
    }

    public WsClient sendBinary(byte[] frame) {
        socket.send(frame).join();
        return this;
    }

    /** The next frame; fails if none comes. */
    public JsonNode next() {
        JsonNode frame = next(DEADLINE);
        if (frame == null) {
            throw new AssertionError("no frame came; closed: " + closed.getNow(0));
        }
        return frame;
    }

    /** The next frame, which must be of this type. */
    public JsonNode next(String type) {
        JsonNode frame = next();
        assertThat(frame.path("type").asString()).as("%s", frame).isEqualTo(type);
        return frame;
    }

    /** The next frame, or null if none comes in time. */
    @Nullable
    JsonNode next(Duration wait) {
        try {
            JsonNode frame = frames.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (frame != null) {
                AsyncApiContract.check(frame.path("type").asString(), frame);
            }
            return frame;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Whether the next frame is a binary one; fails if none comes. */
    public boolean isBinaryNext() {
        await().atMost(DEADLINE).until(() -> !frames.isEmpty() || !binaryFrames.isEmpty());
        return frames.isEmpty();
    }

    /** The next binary frame; fails if none comes. */
    public ByteBuffer nextBinary() {
        try {
            ByteBuffer frame = binaryFrames.poll(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
            if (frame == null) {
                throw new AssertionError("no binary frame came, but " + frames);
            }
            return frame;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** The status with which the hub closed the connection. */
    public int closeCode() {
        return closed.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements MessageListener {

        @Override
        public void text(byte[] utf8) {
            frames.add(JSON.readTree(utf8));
        }

        @Override
        public void binary(byte[] bytes) {
            binaryFrames.add(ByteBuffer.wrap(bytes));
        }

        @Override
        public void closed(int status, String reason) {
            if (status == BROKEN) {
                closed.completeExceptionally(new IOException("the connection broke: " + reason));
            } else {
                closed.complete(status);
            }
        }
    }
}
