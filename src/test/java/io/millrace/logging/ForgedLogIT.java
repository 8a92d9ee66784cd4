package io.millrace.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import io.millrace.testing.RawWebSocket;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Clients cannot write lines of their own into the log, at any level. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ForgedLogIT {

    /** What begins a line of the log, after all that ends one somewhere. */
    private static final String FORGED = "FORGED";

    private static final List<String> ENDS =
            List.of("\r", "\n", "\r\n", "\u001b[2J\u001b[1;1H", "\u0085", "\u2028", "\u2029", "\u000b", "\u202e");

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start("logging.level.io.millrace=debug", "logging.level.org.springframework.web=debug");
        hub.createTopic("flights", 1);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void requestsDoNot(CapturedOutput output) throws Exception {
        for (String end : ENDS) {
            String attack = "x" + end + FORGED;
            String encoded = percentEncoded(attack);
            send("GET /" + attack + " HTTP/1.1\r\nHost: localhost\r\n");
            send("GET /v1/topics/" + encoded + "?x=" + encoded + " HTTP/1.1\r\nHost: localhost\r\n");
            send("POST /v1/topics/" + encoded + "/records HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n");
            send("GET /v1/topics HTTP/1.1\r\nHost: " + attack + "\r\n");
            send("GET /v1/topics HTTP/1.1\r\nHost: localhost\r\nOrigin: http://" + attack + "\r\n");
            send("GET /v1/topics HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: " + attack + "\r\n");
            send("GET /v1/topics HTTP/1.1\r\nHost: localhost\r\nAccept: " + attack + "\r\nContent-Type: " + attack
                    + "\r\n");
            send(attack + " / " + attack + "\r\nHost: localhost\r\n");
            post("/v1/topics", "{\"name\":" + json(attack) + "}");
            post("/v1/topics", "{\"" + attack + "\":" + attack);
            post("/v1/groups/g/members", "{\"topics\":[" + json(attack) + "],\"client_id\":" + json(attack) + "}");
            post("/v1/topics/flights/records", "{\"records\":[{\"value\":1,\"headers\":" + json(attack) + "}]}");
        }
        await().untilAsserted(() -> assertThat(output).contains(FORGED));
        assertNothingIsForged(output);
    }

    @Test
    void framesDoNot(CapturedOutput output) throws Exception {
        for (String end : ENDS) {
            String attack = json("x" + end + FORGED);
            try (RawWebSocket socket = new RawWebSocket(hub.port())) {
                for (String frame : List.of(
                        "{\"type\":" + attack + "}",
                        "{\"type\":\"subscribe\",\"id\":" + attack + ",\"topics\":[" + attack + "],\"credits\":1}",
                        "{\"type\":\"join\",\"id\":\"s\",\"group\":" + attack + ",\"client_id\":" + attack + "}",
                        "x" + end + FORGED)) {
                    socket.send(RawWebSocket.TEXT, frame.getBytes(StandardCharsets.UTF_8));
                }
                socket.send(
                        RawWebSocket.CLOSE,
                        ("\u0003\u00e8" + "x" + end + FORGED).getBytes(StandardCharsets.ISO_8859_1));
                // What is logged about the frames has been logged by then.
                socket.closeCode();
            }
        }
        assertNothingIsForged(output);
    }

    /** Whatever reaches a logger, by whichever library. */
    @Test
    void messagesAndExceptionsDoNot(CapturedOutput output) {
        for (String name : List.of("io.millrace.Any", "io.netty.handler.Any", "org.example")) {
            for (String end : ENDS) {
                String attack = "x" + end + FORGED;
                RuntimeException failure = new IllegalStateException(
                        attack, new IOException(attack, new IllegalArgumentException(attack)));
                failure.addSuppressed(new IOException(attack));
                LoggerFactory.getLogger(name).error("of a client: {}", attack, failure);
            }
        }
        assertThat(output).contains("Caused by: java.io.IOException: x\\r\\nFORGED\n", "\tat io.millrace.logging");
        assertNothingIsForged(output);
    }

    private static void assertNothingIsForged(CapturedOutput output) {
        String log = output.toString();
        assertThat(log.lines()).noneMatch(line -> line.startsWith(FORGED));
        assertThat(log.codePoints()
                        .filter(c -> c != '\n' && c != '\t')
                        .filter(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0x202e)
                        .mapToObj(Integer::toHexString))
                .isEmpty();
    }

    private static void post(String path, String body) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n" + body);
    }

    /** Sends bytes as they are; the hub may answer or not. */
    private static void send(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", hub.port())) {
            socket.setSoTimeout(5_000);
            String whole = request.contains("\r\n\r\n") ? request : request + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(whole.getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().read();
        }
    }

    private static String json(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> json.append("\\u%04x".formatted(c)));
        return json.append('"').toString();
    }

    private static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append("%%%02x".formatted(b));
        }
        return encoded.toString();
    }
}
