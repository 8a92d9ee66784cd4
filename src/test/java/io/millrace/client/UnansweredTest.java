package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.client.NoAnswerException.Fate;
import io.millrace.client.message.Frame;
import io.millrace.event.Acks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The failures that callers get from a hub that does not answer, or from a server that is not a hub. */
@Timeout(30)
class UnansweredTest {

    private static final ClientSettings SHORT =
            new ClientSettings(Duration.ofSeconds(5), Duration.ofMillis(300), Map.of());
    private static final Duration SILENCE = Duration.ofMillis(300);

    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> sockets = new ArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void withoutAListenerNothingIsSent() throws IOException {
        server.close();
        try (HubClient client = client()) {
            assertThat(failure(() -> client.topics().describe("a")).fate()).isEqualTo(Fate.NOT_SENT);
            assertThat(failure(() -> client.messages(List.of(), new Ignoring())).fate())
                    .isEqualTo(Fate.NOT_SENT);
            assertThat(failure(() -> client.topics().describe("a")).mayBeCarriedOut())
                    .isFalse();
        }
    }

    @Test
    void aSilentHubMayHaveCarriedOutTheRequest() {
        answer("", false);
        try (HubClient client = impatient()) {
            NoAnswerException failure =
                    failure(() -> client.records().produce("a", "{}".getBytes(StandardCharsets.UTF_8), Acks.LEADER));

            assertThat(failure.fate()).isEqualTo(Fate.TIMED_OUT);
            assertThat(failure.mayBeCarriedOut()).isTrue();
            assertThat(connections).as("nothing is repeated").hasValue(1);
        }
    }

    @Test
    void theTimeoutCoversTheWholeAnswer() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", false);
        try (HubClient client = impatient()) {
            assertThat(failure(() -> client.topics().describe("a")).fate()).isEqualTo(Fate.TIMED_OUT);
        }
    }

    @Test
    void aRequestWhoseConnectionEndsIsNotRetried() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", true);
        try (HubClient client = client()) {
            assertThat(failure(() -> client.records().produce("a", "{}".getBytes(StandardCharsets.UTF_8), Acks.LEADER))
                            .fate())
                    .isEqualTo(Fate.CUT_OFF);
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void anAnswerThatIsNotAHubsIsReported() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false);
        try (HubClient client = client()) {
            assertThat(failure(() -> client.topics().describe("a")).fate()).isEqualTo(Fate.NOT_UNDERSTOOD);
            assertThat(failure(() -> client.records().read("a", 0, RecordCalls.Range.from(0)))
                            .fate())
                    .isEqualTo(Fate.NOT_UNDERSTOOD);
        }
    }

    @Test
    void theRefusalOfAWebSocketIsQuoted() {
        answer("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", false);
        try (HubClient client = client()) {
            RefusedException refusal = catchThrowableOfType(
                    RefusedException.class, () -> client.messages(List.of("hub.v1.json"), new Ignoring()));

            assertThat(refusal).hasMessage("the hub refused a WebSocket: status 503: busy");
            assertThat(refusal.retryable()).isTrue();
        }
    }

    @Test
    void aWebSocketHandshakeWithoutAnAnswerTimesOut() {
        answer("", false);
        ClientSettings impatient = SHORT.connect(Duration.ofMillis(300));
        try (HubClient client = new HubClient(url(), impatient)) {
            assertThat(failure(() -> client.messages(List.of(), new Ignoring())).fate())
                    .isEqualTo(Fate.TIMED_OUT);
        }
    }

    @Test
    void aSilentStreamTimesOutAndCanBeReadAgain() throws Exception {
        answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk(": hello\n\nevent: control\ndata: {\"type\":\"draining\"}\n\n"),
                false);
        try (HubClient client = client();
                EventStream events = client.records().follow("a", RecordCalls.Following.from("earliest"))) {
            assertThat(events.next(Duration.ofSeconds(10))).isEqualTo(new Frame.Event(new Frame.Draining(), null));
            assertThat(failure(() -> events.next(SILENCE)).fate()).isEqualTo(Fate.TIMED_OUT);
            assertThat(failure(() -> events.next(SILENCE)).fate()).isEqualTo(Fate.TIMED_OUT);
            events.close();
            assertThat(events.next(SILENCE)).isNull();
        }
    }

    @Test
    void aStreamThatBreaksFailsInsteadOfEnding() throws Exception {
        answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("{\"offset\":1,\"value\":1}\n"), true);
        try (HubClient client = client();
                RecordLines lines = client.records().lines("a", 0, 0)) {
            assertThat(lines.next(Duration.ofSeconds(10)).offset()).isEqualTo(1);
            assertThat(failure(() -> lines.next(Duration.ofSeconds(10))).fate()).isEqualTo(Fate.CUT_OFF);
        }
    }

    @Test
    void closingTheClientEndsCallsInProgress() throws Exception {
        answer("", false);
        HubClient client = new HubClient(url());
        Thread closer = Thread.ofVirtual().start(() -> {
            while (connections.get() == 0) {
                Thread.onSpinWait();
            }
            client.close();
        });

        assertThat(failure(() -> client.topics().describe("a")).fate()).isEqualTo(Fate.CUT_OFF);
        closer.join();
    }

    private HubUrl url() {
        return HubUrl.parse("http://127.0.0.1:" + server.getLocalPort());
    }

    /** A client for tests that end without its timeout. */
    private HubClient client() {
        return new HubClient(url(), SHORT.answer(Duration.ofSeconds(20)));
    }

    /** A client for tests of the timeout. */
    private HubClient impatient() {
        return new HubClient(url(), SHORT);
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static NoAnswerException failure(ThrowingCallable call) {
        NoAnswerException failure = catchThrowableOfType(NoAnswerException.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    /** Answers each request with a text, once its first bytes have arrived. */
    private void answer(String text, boolean hangUp) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    synchronized (sockets) {
                        sockets.add(socket);
                    }
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> answer(socket, text, hangUp));
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        });
    }

    private static void answer(Socket socket, String text, boolean hangUp) {
        try {
            while (socket.getInputStream().read(new byte[8192]) > 0) {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                if (hangUp) {
                    socket.shutdownOutput();
                    return;
                }
            }
        } catch (IOException closed) {
            // The client has closed the connection.
        }
    }

    private static final class Ignoring implements MessageListener {

        @Override
        public void text(byte[] utf8) {}

        @Override
        public void binary(byte[] bytes) {}

        @Override
        public void closed(int status, String reason) {}
    }
}
