package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that sends small frames faster than it may is read more slowly, and loses nothing. */
@Timeout(60)
class FramePaceIT {

    private static final int FRAMES = 250;
    private static final Duration LEAST = Duration.ofMillis(1_200);

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start("millrace.stream.max-small-frames=100");
        hub.createTopic("quiet", 1);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    /** What was read at once is handled at once: the next frame waits for all of it. */
    @Test
    void commandsHaveAPace() {
        try (WsClient flooding = WsClient.connect(hub);
                WsClient other = WsClient.connect(hub)) {
            long began = System.nanoTime();
            for (int i = 0; i < FRAMES; i++) {
                flooding.send("{'type':'unsubscribe','id':'none'}");
            }
            for (int i = 0; i < FRAMES; i++) {
                flooding.next("error");
            }
            other.send("{'type':'unsubscribe','id':'none'}").next("error");
            assertThat(since(began)).as("the other client").isLessThan(LEAST);

            flooding.send("{'type':'unsubscribe','id':'none'}").next("error");

            assertThat(since(began)).isGreaterThan(LEAST);
        }
    }

    @Test
    void aSubscriptionCountsForMore() {
        try (WsClient client = WsClient.connect(hub)) {
            long began = System.nanoTime();
            for (int i = 0; i < 12; i++) {
                client.send("{'type':'subscribe','id':'" + i + "','topics':['quiet'],'credits':9}");
            }
            for (int i = 0; i < 12; i++) {
                client.next("assigned");
            }

            client.send("{'type':'unsubscribe','id':'none'}").next("error");

            assertThat(since(began)).isGreaterThan(LEAST);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fragmentsOfAByteAndPingsCount(boolean fragments) {
        Answers answers = new Answers();
        HttpClient http = HttpClient.newHttpClient();
        WebSocket client = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + hub.port() + "/v1/ws"), answers)
                .join();
        try {
            long began = System.nanoTime();
            for (int i = 0; i < FRAMES; i++) {
                if (fragments) {
                    client.sendText("x", false).join();
                } else {
                    client.sendPing(ByteBuffer.wrap(new byte[] {(byte) i})).join();
                }
            }
            client.sendPing(ByteBuffer.wrap(new byte[3])).join();
            answers.pongOf3.join();

            client.sendPing(ByteBuffer.wrap(new byte[4])).join();

            answers.pongOf4.join();

            assertThat(since(began)).isGreaterThan(LEAST);
        } finally {
            client.abort();
            http.shutdownNow();
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static final class Answers implements WebSocket.Listener {

        private final CompletableFuture<Boolean> pongOf3 = new CompletableFuture<>();
        private final CompletableFuture<Boolean> pongOf4 = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
            if (payload.remaining() == 3) {
                pongOf3.complete(true);
            } else if (payload.remaining() == 4) {
                pongOf4.complete(true);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
