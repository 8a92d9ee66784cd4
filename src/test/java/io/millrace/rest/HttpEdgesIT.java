package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 9112, RFC 9110 and RFC 6455 demand of servers, in cases that only foreign clients reach. */
class HttpEdgesIT {

    private static final String RECORDS = "/v1/topics/t/records";
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** After an invalid close frame the connection ends without one from the hub. */
    private static final int ENDED = -1;

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        api = HttpApi.of(hub);
        api.topic("t", 1);
        api.topic("halves", 1);
        api.topic("empty", 1);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    private static Arguments row(String name, String request, int status) {
        return Arguments.of(name, request, status);
    }

    private static String post(String headers, String body) {
        return "POST " + RECORDS + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers
                + "\r\n" + body;
    }

    static Stream<Arguments> requests() {
        String one = "{\"records\":[{\"value\":1}]}";
        String chunked = "19\r\n" + one + "\r\n0\r\n\r\n";
        return Stream.of(
                row("HTTP/1.0 without a host", "GET /v1/limits HTTP/1.0\r\n\r\n", 200),
                row("HTTP/1.1 without a host", "GET /v1/limits HTTP/1.1\r\n\r\n", 400),
                row("two hosts", "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
                row("a host with a user", "GET /v1/limits HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 400),
                row("a host with a port out of range", "GET / HTTP/1.1\r\nHost: localhost:999999\r\n\r\n", 400),
                row("an absolute target", "GET http://localhost/v1/limits HTTP/1.1\r\nHost: other\r\n\r\n", 200),
                row("an absolute target of elsewhere", "GET http://a.b/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 421),
                row("HTTP/2.0", "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
                row("HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                row("HTTP/3.7", "GET / HTTP/3.7\r\nHost: localhost\r\n\r\n", 505),
                row("HTTP/1.2 is served as 1.1", "GET /v1/limits HTTP/1.2\r\nHost: localhost\r\n\r\n", 200),
                row("HTTP/0.9", "GET /\r\n\r\n", 400),
                row("an unknown protocol", "GET / FOO/1.1\r\nHost: localhost\r\n\r\n", 400),
                row(
                        "an offer of h2c is ignored",
                        "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade,"
                                + " HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n",
                        200),
                row("chunked", post("Transfer-Encoding: chunked\r\n", chunked), 200),
                row("chunked and a length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunked), 400),
                row("a length and chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunked), 400),
                row("gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", chunked), 400),
                row("gzip", post("Transfer-Encoding: gzip\r\n", chunked), 400),
                row("chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", chunked), 400),
                row("a coding hidden by a tab", post("Transfer-Encoding:\u000bchunked\r\n", chunked), 400),
                row("two lengths", post("Content-Length: 25\r\nContent-Length: 26\r\n", one), 400),
                row("a length of +25", post("Content-Length: +25\r\n", one), 400),
                row("a negative length", post("Content-Length: -1\r\n", one), 400),
                row("space before a colon", post("Content-Length : 25\r\n", one), 400),
                row("a bare CR in a header", post("X: a\rContent-Length: 25\r\nContent-Length: 25\r\n", one), 400),
                row("a folded header is one line", "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", 200),
                row("a folded line before the first header", "GET / HTTP/1.1\r\n X: a\r\nHost: localhost\r\n\r\n", 400),
                row("a byte order mark", post("Content-Length: 28\r\n", "\u00ef\u00bb\u00bf" + one), 400),
                row("a path parameter", "GET /v1/topics/t;x=y HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
                row("an encoded slash", "GET /v1/topics%2Ft HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                row("an encoded slash in a name", "GET /v1/topics/a%2Fb HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                row("an encoded letter", "GET /v1/topics/%74 HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
                row("dot segments", "GET /v1/topics/../limits HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                row("a double slash", "GET //v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                row("a slash at the end", "GET /v1/limits/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                row("all of the server", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                row("a tunnel", "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                row("an empty line first", "\r\nGET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n", 200));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void requests(String name, String request, int status) throws Exception {
        Answer answer = RawHttp.exchange(hub, BadRequest.latin1(request));

        assertThat(answer.status()).as(answer::text).isEqualTo(status);
        if (status >= 400) {
            answer.isProblemWithoutPath(status, answer.json().path("code").asString());
        }
    }

    /** RFC 9112, 9.3. */
    @Test
    void oldConnectionsEndWithTheAnswer() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send("GET /v1/limits HTTP/1.0\r\n\r\n");
            connection.read().hasStatus(200);
            assertThat(connection.rest()).isEmpty();
        }
    }

    /** A client may shut down its output and then wait for the answer. */
    @Test
    void aClientThatShutsDownItsOutputIsAnswered() throws Exception {
        String length = "HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ";
        String body = "{\"records\":[{\"value\":1}]}";
        String ndjson = "HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: ";
        List<String> requests = List.of(
                "POST /v1/topics/halves/records " + length + body.length() + "\r\n\r\n" + body,
                "POST /v1/topics/halves/records?acks=0 " + length + body.length() + "\r\n\r\n" + body,
                "POST /v1/topics/halves/records " + ndjson + "12\r\n\r\n{\"value\":1}\n",
                "GET /v1/topics/halves HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/topics/halves HTTP/1.0\r\n\r\n");
        for (int i = 0; i < 20; i++) {
            for (String request : requests) {
                try (RawHttp connection = new RawHttp(hub)) {
                    connection.send(request);
                    connection.endRequest();
                    assertThat(connection.read().status()).as(request).isBetween(200, 202);
                    assertThat(connection.rest()).isEmpty();
                }
            }
        }
        assertThat(api.count("halves")).isEqualTo(60);
    }

    @Test
    void aReaderThatShutsDownItsOutputSoonCountsAsGone() throws Exception {
        for (String path :
                List.of("/v1/topics/empty/stream", "/v1/topics/empty/partitions/0/records?offset=0&wait=60s")) {
            try (RawHttp connection = new RawHttp(hub)) {
                connection.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                connection.endRequest();
                assertThat(connection.rest()).as(path).doesNotContain("\"offset\"");
            } catch (java.net.SocketException ended) {
                assertThat(ended).hasMessageContaining("reset");
            }
        }
    }

    private static String handshake(String... headers) {
        return "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    static Stream<Arguments> handshakes() {
        String connection = "Connection: keep-alive, Upgrade";
        String upgrade = "Upgrade: websocket";
        String version = "Sec-WebSocket-Version: 13";
        String key = "Sec-WebSocket-Key: " + KEY;
        return Stream.of(
                row("all that is needed", handshake(connection, upgrade, version, key), 101),
                row("in another case", handshake("connection: UPGRADE", "upgrade: WebSocket", version, key), 101),
                row("no upgrade", handshake(connection, version, key), 400),
                row("another upgrade", handshake(connection, "Upgrade: h2c", version, key), 400),
                row("no connection", handshake(upgrade, version, key), 400),
                row("no version", handshake(connection, upgrade, key), 426),
                row("version 8", handshake(connection, upgrade, "Sec-WebSocket-Version: 8", key), 426),
                row("version 0", handshake(connection, upgrade, "Sec-WebSocket-Version: 0", key), 426),
                row("two versions", handshake(connection, upgrade, version, "Sec-WebSocket-Version: 8", key), 426),
                row("no key", handshake(connection, upgrade, version), 400),
                row("an empty key", handshake(connection, upgrade, version, "Sec-WebSocket-Key: "), 400),
                row("a short key", handshake(connection, upgrade, version, "Sec-WebSocket-Key: YWJj"), 400),
                row("a key that is not base64", handshake(connection, upgrade, version, key.replace('d', '!')), 400),
                row("two keys", handshake(connection, upgrade, version, key, key), 400),
                row(
                        "by POST",
                        handshake(connection, upgrade, version, key, "Content-Length: 0")
                                .replace("GET", "POST"),
                        405),
                row("by HEAD", handshake(connection, upgrade, version, key).replace("GET", "HEAD"), 405),
                row(
                        "another subprotocol",
                        handshake(connection, upgrade, version, key, "Sec-WebSocket-Protocol: x"),
                        400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void handshakes(String name, String request, int status) throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(request);
            Answer answer = request.startsWith("HEAD") ? connection.readHeadAlone() : connection.readHead();

            assertThat(answer.status()).as(answer::text).isEqualTo(status);
            if (status == 426) {
                assertThat(answer.header("sec-websocket-version")).isEqualTo("13");
                answer.isProblem(426, "upgrade_required", null);
            }
            if (status == 101) {
                assertThat(answer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            }
        }
    }

    /** @param close the status in the close frame that the hub answers; 0 for a frame without one */
    private static Arguments frame(String name, int close, int... bytes) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int b : bytes) {
            frame.write(b);
        }
        return Arguments.of(name, frame.toByteArray(), close);
    }

    /** Masked with zeros. */
    private static Arguments frame(String name, int close, int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length & 0xff);
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        return Arguments.of(name, frame.toByteArray(), close);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                frame("close", 0, 0x88, bytes()),
                frame("close 1000", 1000, 0x88, bytes(0x03, 0xe8)),
                frame("close 3000", 3000, 0x88, bytes(0x0b, 0xb8)),
                frame("close with a reason", 1000, 0x88, bytes(0x03, 0xe8, 'b', 'y', 'e')),
                frame("not masked", 1002, 0x81, 0x02, '{', '}'),
                frame("a reserved bit", 1002, 0xc1, bytes('{', '}')),
                frame("another reserved bit", 1002, 0xa1, bytes('{', '}')),
                frame("a reserved opcode", 1002, 0x83, bytes('a')),
                frame("a reserved control opcode", 1002, 0x8b, bytes()),
                frame("a fragmented ping", 1002, 0x09, bytes('a')),
                frame("a long ping", 1002, 0x89, new byte[126]),
                frame("a continuation of nothing", 1002, 0x80, bytes('a')),
                frame("close of one byte", 1002, 0x88, bytes(0x03)),
                frame("close 999", ENDED, 0x88, bytes(0x03, 0xe7)),
                frame("close 1004", ENDED, 0x88, bytes(0x03, 0xec)),
                frame("close 1005", ENDED, 0x88, bytes(0x03, 0xed)),
                frame("close 1006", ENDED, 0x88, bytes(0x03, 0xee)),
                frame("close 1015", ENDED, 0x88, bytes(0x03, 0xf7)),
                frame("close 2999", ENDED, 0x88, bytes(0x0b, 0xb7)),
                frame("close 5000", 1002, 0x88, bytes(0x13, 0x88)),
                frame("close with a reason that is not UTF-8", ENDED, 0x88, bytes(0x03, 0xe8, 0xff)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void frames(String name, byte[] frame, int close) throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(handshake(
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: " + KEY));
            connection.readHead().hasStatus(101);
            connection.send(frame);

            byte[] rest = connection.rest().getBytes(StandardCharsets.ISO_8859_1);

            if (close == ENDED) {
                assertThat(rest).isEmpty();
                return;
            }
            assertThat(rest).hasSizeGreaterThanOrEqualTo(2);
            int at = rest.length >= 2 && rest[0] == (byte) 0x88 ? 0 : closeFrame(rest);
            assertThat(rest[at] & 0xff)
                    .as(new String(rest, StandardCharsets.ISO_8859_1))
                    .isEqualTo(0x88);
            int status = rest[at + 1] == 0 ? 0 : (rest[at + 2] & 0xff) << 8 | rest[at + 3] & 0xff;
            assertThat(status).isEqualTo(close);
        }
    }

    /** The index of the close frame, which follows an error frame. */
    private static int closeFrame(byte[] frames) {
        return (frames[1] & 0x7f) < 126 ? 2 + frames[1] : 4 + ((frames[2] & 0xff) << 8 | frames[3] & 0xff);
    }
}
