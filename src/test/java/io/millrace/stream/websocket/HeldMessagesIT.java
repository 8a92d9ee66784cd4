package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.budget.ClientMemory;
import io.millrace.testing.Hub;
import io.millrace.testing.RawWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Incomplete messages, and requests whose answers are not read, are bounded in memory and in time. */
class HeldMessagesIT {

    private static final long CAPACITY = 16 * 1024 * 1024;
    private static final byte[] PRODUCE = text("{\"type\":\"produce\",\"topic\":\"held\",\"records\":[{\"value\":1}]}");
    private static final int MB = 1024 * 1024;

    private static Hub hub;
    private static ClientMemory memory;

    private final List<RawWebSocket> clients = new ArrayList<>();
    private final long refusalsBefore = memory.refusals();

    @BeforeAll
    static void start() {
        hub = Hub.start(
                "millrace.limits.client-memory=16MB",
                "millrace.connections.body-grace=1s",
                "millrace.connections.body-rate=10MB",
                "millrace.stream.tick=100ms",
                "millrace.stream.stall-timeout=2s");
        hub.createTopic("held", 1);
        memory = hub.bean(ClientMemory.class);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @AfterEach
    void noMemoryIsHeldAndOthersAreServed() throws IOException {
        try (RawWebSocket other = new RawWebSocket(hub.port())) {
            other.send(RawWebSocket.TEXT, PRODUCE);
            assertThat(utf8(other.read())).contains("produced");
        }
        for (RawWebSocket client : clients) {
            client.close();
        }
        await().untilAsserted(() -> assertThat(memory.held()).isZero());
    }

    @Test
    void messagesInFragmentsAndInSingleBytesAreAssembled() throws IOException {
        RawWebSocket client = connect();
        client.send(RawWebSocket.TEXT, false, slice(PRODUCE, 0, 10));
        client.send(RawWebSocket.PING, text("between"));
        client.send(RawWebSocket.CONTINUATION, false, new byte[0]);
        client.send(RawWebSocket.CONTINUATION, true, slice(PRODUCE, 10, PRODUCE.length));
        assertThat(utf8(client.read(RawWebSocket.PONG))).isEqualTo("between");
        assertThat(utf8(client.read(RawWebSocket.TEXT))).contains("produced");

        byte[] frame = RawWebSocket.head(RawWebSocket.TEXT, true, PRODUCE.length);
        for (byte one : frame) {
            client.sendBytes(new byte[] {one});
        }
        for (byte one : PRODUCE) {
            client.sendBytes(new byte[] {one});
        }
        assertThat(utf8(client.read(RawWebSocket.TEXT))).contains("produced");
    }

    @Test
    void incompleteFramesAreBoundedInMemory() throws IOException {
        for (int i = 0; i < 10; i++) {
            begin(RawWebSocket.head(RawWebSocket.TEXT, true, 8 * MB), 7 * MB);
            assertThat(memory.held()).isLessThanOrEqualTo(CAPACITY);
        }
        assertThat(clients.getLast().closeCode()).isEqualTo(4429);
    }

    @Test
    void theRestOfARefusedMessageIsNotRead() throws IOException {
        while (memory.refusals() == refusalsBefore) {
            begin(RawWebSocket.head(RawWebSocket.TEXT, true, 8 * MB), 7 * MB);
        }
        RawWebSocket refused = connect();
        refused.sendBytes(RawWebSocket.head(RawWebSocket.TEXT, true, 8 * MB));
        // More than the socket buffers of both ends hold.
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 64; i++) {
                        refused.sendBytes(new byte[MB]);
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(refused.closeCode()).isEqualTo(4429);
    }

    @Test
    void incompleteFragmentedMessagesAreBoundedInMemory() throws IOException {
        byte[] fragment = new byte[100_000];
        for (int i = 0; i < 10; i++) {
            RawWebSocket client = connect();
            try {
                client.send(RawWebSocket.TEXT, false, fragment);
                for (int sent = 0; sent < 70; sent++) {
                    client.send(RawWebSocket.CONTINUATION, false, fragment);
                }
            } catch (IOException closed) {
                // as intended
            }
            assertThat(memory.held()).isLessThanOrEqualTo(CAPACITY);
        }
        await().until(() -> memory.refusals() > 0);
    }

    @Test
    void aMessageThatMakesNoProgressClosesItsConnection() throws IOException {
        RawWebSocket frame = connect();
        frame.sendBytes(RawWebSocket.head(RawWebSocket.TEXT, true, 8 * MB));
        frame.sendBytes(new byte[100]);
        RawWebSocket fragment = connect();
        fragment.send(RawWebSocket.BINARY, false, new byte[100]);

        assertThat(frame.closeCode()).isEqualTo(4429);
        assertThat(fragment.closeCode()).isEqualTo(4429);
    }

    @Test
    void emptyFragmentsAreNoProgress() throws IOException {
        RawWebSocket client = connect();
        client.send(RawWebSocket.TEXT, false, new byte[0]);
        int code = 0;
        try {
            for (int i = 0; i < 1000; i++) {
                client.send(RawWebSocket.CONTINUATION, false, new byte[0]);
                LockSupport.parkNanos(5_000_000);
            }
        } catch (IOException closed) {
            code = -1;
        }
        assertThat(code == -1 || client.closeCode() == 4429).isTrue();
    }

    @Test
    void pingsAreNotReadFromAClientThatDoesNotReadThePongs() throws IOException {
        RawWebSocket client = connect();
        byte[] pings = new byte[0];
        for (int i = 0; i < 500; i++) {
            byte[] head = RawWebSocket.head(RawWebSocket.PING, true, 125);
            int at = pings.length;
            pings = java.util.Arrays.copyOf(pings, at + head.length + 125);
            System.arraycopy(head, 0, pings, at, head.length);
        }
        // The hub stops reading once the client does not read, and closes at the stall timeout.
        boolean ended = false;
        long sent = 0;
        long longest = 0;
        long began = System.nanoTime();
        try {
            while (sent < 2_000L * MB) {
                client.sendBytes(pings);
                sent += pings.length;
                longest = Math.max(longest, System.nanoTime() - began);
                began = System.nanoTime();
            }
        } catch (IOException closed) {
            longest = Math.max(longest, System.nanoTime() - began);
            ended = true;
        }
        assertThat(ended).as("%s bytes of pings were read", sent).isTrue();
        assertThat(Duration.ofNanos(longest)).as("it was not read from").isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void theNewestPingIsAnswered() throws IOException {
        RawWebSocket client = connect();
        for (int i = 0; i < 100; i++) {
            client.send(RawWebSocket.PING, text("ping " + i));
        }

        int answers = 1;
        while (!utf8(client.read(RawWebSocket.PONG)).equals("ping 99")) {
            answers++;
        }
        assertThat(answers)
                .as("the last one, after at most one answer for each before it")
                .isLessThanOrEqualTo(100);
    }

    @Test
    void waitingCommandsAreBoundedInMemory() throws IOException {
        RawWebSocket client = connect();
        client.send(
                RawWebSocket.TEXT,
                text(
                        "{\"type\":\"subscribe\",\"id\":\"s\",\"topics\":[\"held\"],\"from\":\"earliest\",\"credits\":0}"));
        String position = "{\"topic\":\"held\",\"partition\":0}";
        byte[] pause = text(
                "{\"type\":\"pause\",\"id\":\"s\",\"partitions\":[" + position + ("," + position).repeat(999) + "]}");
        try {
            for (int i = 0; i < 2000; i++) {
                client.send(RawWebSocket.TEXT, pause);
            }
        } catch (IOException closed) {
            // the hub may have closed the connection
        }
        assertThat(memory.held()).isLessThanOrEqualTo(CAPACITY);
    }

    private RawWebSocket connect() throws IOException {
        RawWebSocket client = new RawWebSocket(hub.port());
        clients.add(client);
        return client;
    }

    private void begin(byte[] head, int count) throws IOException {
        RawWebSocket client = connect();
        try {
            client.sendBytes(head);
            client.sendBytes(new byte[count]);
        } catch (IOException closed) {
            // as intended
        }
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return java.util.Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String utf8(RawWebSocket.Frame frame) {
        return new String(frame.payload(), StandardCharsets.UTF_8);
    }
}
