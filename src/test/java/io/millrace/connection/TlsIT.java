package io.millrace.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.testing.Certificates;
import io.millrace.testing.Hub;
import io.millrace.testing.SecretVolume;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A hub with TLS of its own, and a certificate that is replaced while it runs. */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class TlsIT {

    /** The types of TLS's records. */
    private static final int HANDSHAKE = 22;

    private static final int ALERT = 21;

    private static final int PATIENCE_MILLIS = 30_000;

    @TempDir
    private static Path files;

    private static X509Bundle authority;
    private static SSLContext trusting;
    private static SecretVolume secret;
    private static Hub hub;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        authority = Certificates.authority();
        trusting = Certificates.trusting(authority, null);
        secret = new SecretVolume(files, Certificates.server(authority));
        hub = Hub.start(
                "server.ssl.bundle=hub",
                "spring.ssl.bundle.pem.hub.keystore.certificate=" + secret.certificate(),
                "spring.ssl.bundle.pem.hub.keystore.private-key=" + secret.key(),
                "spring.ssl.bundle.watch.file.quiet-period=100ms");
        hub.createTopic("flights", 1);
        http = HttpClient.newBuilder().sslContext(trusting).build();
    }

    @AfterAll
    static void stop() {
        http.close();
        hub.close();
    }

    @Test
    void recordsAreProducedAndReadAboveAndBelowWebFlux() throws Exception {
        String direct = post("/v1/topics/flights/records", "application/json", "{\"records\":[{\"value\":1}]}");
        String ndjson = post("/v1/topics/flights/records", "application/x-ndjson", "{\"value\":2}\n");

        assertThat(direct).contains("\"offset\":");
        assertThat(ndjson).contains("\"offset\":");
        assertThat(get("/v1/topics/flights/partitions/0/records?offset=0"))
                .contains("\"value\":1")
                .contains("\"value\":2");
    }

    @Test
    void recordsAreFollowedByServerSentEventsAndWebSocket() throws Exception {
        hub.createTopic("followed", 1);
        BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        WebSocket socket = http.newWebSocketBuilder()
                .subprotocols("hub.v1.json")
                .header("Origin", "https://localhost:" + hub.port())
                .buildAsync(URI.create("wss://localhost:" + hub.port() + "/v1/ws"), queue(frames))
                .get(30, TimeUnit.SECONDS);
        socket.sendText(
                "{\"type\":\"subscribe\",\"id\":\"s\",\"topics\":[\"followed\"],\"from\":\"earliest\",\"credits\":9}",
                true);
        HttpResponse<InputStream> events =
                http.send(request("/v1/topics/followed/stream?from=earliest").build(), BodyHandlers.ofInputStream());

        post("/v1/topics/followed/records", "application/json", "{\"records\":[{\"value\":\"seen\"}]}");

        await().untilAsserted(() -> assertThat(String.join("\n", frames)).contains("\"seen\""));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines().anyMatch(line -> line.contains("\"seen\"")))
                    .isTrue();
        }
        socket.abort();
    }

    private static WebSocket.Listener queue(BlockingQueue<String> frames) {
        return new WebSocket.Listener() {
            @Override
            public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                frames.add(data.toString());
                socket.request(1);
                return null;
            }
        };
    }

    @Test
    void pagesOfTheHubAreItsOwnAndOthersAreForeign() throws Exception {
        String own = "https://hub.example.org";

        assertThat(status("localhost:" + hub.port(), "https://localhost:" + hub.port()))
                .isEqualTo(200);
        assertThat(status("localhost:" + hub.port(), own)).isEqualTo(403);
        assertThat(status("hub.example.org", own)).isEqualTo(421);
    }

    private static int status(String host, String origin) throws Exception {
        String answer = exchange(
                connect(),
                "GET /v1/topics HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\nConnection: close\r\n\r\n");
        return Integer.parseInt(answer.substring(9, 12));
    }

    /** As the kubelet does it, twice: the first one changes what the links were resolved to when the hub started. */
    @Test
    void aCertificateThatIsReplacedIsServedAndOpenConnectionsStay() throws Exception {
        try (SSLSocket open = connect()) {
            assertThat(ask(open)).startsWith("HTTP/1.1 200");
            for (int swap = 1; swap <= 2; swap++) {
                X509Bundle next = Certificates.server(authority);
                secret.replace(next);
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(served()).isEqualTo(next.getCertificate()));
            }
            assertThat(ask(open)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aBrokenCertificateIsReportedOnceAndTheOneBeforeStaysInUse(CapturedOutput output) throws Exception {
        X509Certificate before = served();
        X509Bundle other = Certificates.server(authority);

        secret.replace("not a certificate", other.getPrivateKeyPEM());
        await().untilAsserted(
                        () -> assertThat(count(output, "SSL reload error")).isEqualTo(1));
        assertThat(served()).isEqualTo(before);

        // A certificate with the key of another one.
        secret.replace(Certificates.server(authority).getCertificatePathPEM(), other.getPrivateKeyPEM());
        await().untilAsserted(
                        () -> assertThat(count(output, "SSL reload error")).isEqualTo(2));
        assertThat(served()).isEqualTo(before);

        secret.replace(other);
        await().untilAsserted(() -> assertThat(served()).isEqualTo(other.getCertificate()));
        assertThat(count(output, "SSL reload error")).isEqualTo(2);
        assertThat(output)
                .contains("The certificate has been replaced: CN=localhost, valid until")
                .doesNotContain("\tat ");
    }

    private static long count(CapturedOutput output, String text) {
        return output.toString().lines().filter(line -> line.contains(text)).count();
    }

    @Test
    void theMetricsTellHowLongTheCertificateIsValid() {
        double seconds = hub.bean(MeterRegistry.class)
                .get("ssl.chain.expiry")
                .tag("bundle", "hub")
                .gauge()
                .value();

        // That of netty-pkitesting: a day from now.
        assertThat(seconds).isBetween(23 * 3600.0, 24 * 3600.0);
    }

    /** Clients send the name that they call, which no certificate is chosen by. */
    @Test
    void aClientThatNamesTheServerIsServed() throws Exception {
        try (SSLSocket socket = connect()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("hub.example.org")));
            socket.setSSLParameters(parameters);
            assertThat(ask(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void theProtocolsAreTls12And13AndHttp11() throws Exception {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = connect()) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setProtocols(new String[] {protocol});
                parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
                socket.setSSLParameters(parameters);
                assertThat(ask(socket)).startsWith("HTTP/1.1 200");
                assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
                assertThat(socket.getApplicationProtocol()).isNotEqualTo("h2");
            }
        }
        // A control: what is refused is the version.
        assertThat(answerToHello(3)).isEqualTo(HANDSHAKE);
        assertThat(List.of(answerToHello(2), answerToHello(1))).containsOnly(ALERT);
    }

    /** The type of the record by which the hub answers an offer of TLS 1.{@code minor - 1} alone. */
    private static int answerToHello(int minor) throws IOException {
        byte[] suites = {(byte) 0xc0, 0x09, (byte) 0xc0, 0x2b}; // ECDHE_ECDSA with AES_128_CBC_SHA, AES_128_GCM_SHA256
        byte[] extensions = {
            0, 10, 0, 4, 0, 2, 0, 23, // supported_groups: secp256r1
            0, 13, 0, 4, 0, 2, 4, 3 // signature_algorithms: ecdsa_secp256r1_sha256
        };
        int length = 2 + 32 + 1 + 2 + suites.length + 2 + 2 + extensions.length;
        ByteBuffer hello = ByteBuffer.allocate(9 + length)
                .put((byte) HANDSHAKE)
                .put(new byte[] {3, 1})
                .putShort((short) (4 + length))
                .putInt(1 << 24 | length)
                .put(new byte[] {3, (byte) minor})
                .put(new byte[32 + 1])
                .putShort((short) suites.length)
                .put(suites)
                .put(new byte[] {1, 0})
                .putShort((short) extensions.length)
                .put(extensions);
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(hello.array());
            return socket.getInputStream().read();
        }
    }

    private static Socket plainSocket() throws IOException {
        Socket socket = new Socket("127.0.0.1", hub.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** What it sends may be a password. */
    @Test
    void plainHttpIsDisconnectedWithOneLineThatDoesNotRepeatIt(CapturedOutput output) throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic c2VjcmV0\r\n\r\n";
        try (Socket socket = plainSocket()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP");
        }
        await().untilAsserted(() -> assertThat(output).contains("failed: what it sends is not TLS"));
        assertThat(count(output, "the TLS handshake")).isEqualTo(1);
        assertThat(output).doesNotContain("474554", "GET", "\tat ");
    }

    /** One sends nothing, the other the beginning of a record. */
    @Test
    void clientsThatDoNotCompleteTheirHandshakeAreDisconnected(CapturedOutput output) throws Exception {
        try (Socket silent = plainSocket();
                Socket begun = plainSocket()) {
            begun.getOutputStream().write(new byte[] {HANDSHAKE, 3, 1, 2, 0, 1});

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(begun.getInputStream().read()).isEqualTo(-1);
        }
        await().untilAsserted(() -> assertThat(count(output, "failed: handshake timed out after 10000ms"))
                .isEqualTo(2));
        assertThat(output).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientThatLeavesAStreamHasNotLostAnAnswer(String protocol, CapturedOutput output) throws Exception {
        Counter broken = hub.bean(MeterRegistry.class)
                .get("millrace.answers.broken")
                .tag("reason", "failed")
                .counter();
        Gauge streams = hub.bean(MeterRegistry.class)
                .get("millrace.stream.clients")
                .tag("protocol", "sse")
                .gauge();
        await().untilAsserted(() -> assertThat(streams.value()).isZero());
        try (SSLSocket socket = connect()) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream()
                    .write("GET /v1/topics/flights/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            await().untilAsserted(() -> assertThat(streams.value()).isOne());
        }

        await().untilAsserted(() -> assertThat(streams.value()).isZero());
        assertThat(broken.count()).isZero();
        assertThat(output).doesNotContain(" failed", "\tat ");
    }

    /** A client that has sent its last byte says so by TLS and by TCP. */
    @Test
    void aClientThatSendsNothingMoreIsAnswered() throws Exception {
        String body = "{\"records\":[{\"value\":\"last\"}]}";
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write(("POST /v1/topics/flights/records HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                    + body)
                            .getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200");
        }
    }

    private static X509Certificate served() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static String ask(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] head = new byte[8192];
        return new String(head, 0, socket.getInputStream().read(head), StandardCharsets.US_ASCII);
    }

    private static String exchange(SSLSocket socket, String request) throws IOException {
        try (socket) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", hub.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static String post(String path, String type, String body) throws Exception {
        return http.send(
                        request(path)
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static String get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString()).body();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + hub.port() + path))
                .timeout(Duration.ofSeconds(30));
    }
}
