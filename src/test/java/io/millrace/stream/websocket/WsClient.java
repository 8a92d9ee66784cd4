package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stream.websocket.frame.Subprotocol;
import io.millrace.testing.AsyncApiContract;
import io.millrace.testing.Hub;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A WebSocket client that keeps what it is sent. Each frame has to be as the AsyncAPI document says. */
public final class WsClient implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> binaryFrames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private WsClient(Hub hub, boolean reading, String... subprotocols) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        if (subprotocols.length > 0) {
            String[] others = Arrays.copyOfRange(subprotocols, 1, subprotocols.length);
            builder.subprotocols(subprotocols[0], others);
        }
        this.socket =
                builder.buildAsync(hub.ws("/v1/ws"), new Listener(reading)).join();
    }

    /** A client that offers these subprotocols. */
    public static WsClient offering(Hub hub, String... subprotocols) {
        return new WsClient(hub, true, subprotocols);
    }

    /** The subprotocol that was agreed upon; empty for none. */
    String subprotocol() {
        return socket.getSubprotocol();
    }

    public static WsClient connect(Hub hub) {
        return new WsClient(hub, true, Subprotocol.JSON.token());
    }

    /** A client that never reads. */
    static WsClient connectDeaf(Hub hub) {
        return new WsClient(hub, false, Subprotocol.JSON.token());
    }

    /** Sends a frame written with single quotes. */
    public WsClient send(String frame) {
        return sendRaw(frame.replace('\'', '"'));
    }

    WsClient sendRaw(String frame) {
        socket.sendText(frame, true).join();
        return this;
    }

    public WsClient sendBinary(byte[] frame) {
        socket.sendBinary(ByteBuffer.wrap(frame), true).join();
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

    /** The status that the hub closed with. */
    public int closeCode() {
        return closed.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {

        private final boolean reading;
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        Listener(boolean reading) {
            this.reading = reading;
        }

        @Override
        public void onOpen(WebSocket opened) {
            if (reading) {
                opened.request(Long.MAX_VALUE);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            binary.writeBytes(part);
            if (last) {
                binaryFrames.add(ByteBuffer.wrap(binary.toByteArray()));
                binary.reset();
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
