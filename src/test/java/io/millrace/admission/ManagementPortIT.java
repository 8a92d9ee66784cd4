package io.millrace.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.access.Acl.RuleOperation;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Resource;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The actuator has a port of its own, with nothing else on it, and is not on the API's. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ManagementPortIT {

    private static final TestDatabase DATABASE = TestPostgres.newDatabase();
    private static final String HANDSHAKE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start(DATABASE, "millrace.http.allowed-origins=https://app.example.org");
        hub.createTopic("flights", 1);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health",
                "/health/liveness",
                "/health/readiness",
                "/info",
                "/prometheus",
                // Not exposed on either port.
                "",
                "/env",
                "/configprops",
                "/heapdump",
                "/threaddump",
                "/loggers",
                "/beans",
                "/mappings",
                "/conditions",
                "/metrics",
                "/flyway",
                "/sbom",
                "/shutdown",
                "/scheduledtasks",
                "/logfile",
                "/httpexchanges",
                "/caches"
            })
    void theApisPortHasNoActuatorAndTheOtherHasFiveResources(String resource) throws Exception {
        assertThat(hub.client().get("/actuator" + resource).status()).isEqualTo(404);
        boolean served = List.of("/health", "/health/liveness", "/health/readiness", "/info", "/prometheus", "")
                .contains(resource);
        assertThat(hub.management().get("/actuator" + resource).status()).isEqualTo(served ? 200 : 404);
    }

    /** Orchestrators have no credentials; scrapers can have them. */
    @Test
    void withAuthenticationOnlyHealthIsOpen() throws Exception {
        try (Hub guarded = Guarded.start()) {
            String scraper = Guarded.key(guarded, "User:prometheus");
            Guarded.allow(guarded, "User:prometheus", RuleOperation.DESCRIBE, Resource.CLUSTER, Permission.CLUSTER);
            String other = Guarded.key(guarded, "User:other");

            for (String resource : List.of("/health", "/health/liveness", "/health/readiness")) {
                assertThat(metrics(guarded, resource, "")).isEqualTo(200);
            }
            for (String resource : List.of("", "/", "/info", "/prometheus", "/prometheus/", "/env")) {
                assertThat(metrics(guarded, resource, "")).as(resource).isEqualTo(401);
                assertThat(metrics(guarded, resource, "Authorization: Bearer " + other + "\r\n"))
                        .as(resource)
                        .isEqualTo(403);
            }
            for (String resource : List.of("/info", "/prometheus")) {
                assertThat(metrics(guarded, resource, "Authorization: Bearer " + scraper + "\r\n"))
                        .isEqualTo(200);
            }
            for (String resource : List.of("/env", "/heapdump", "/loggers")) {
                assertThat(metrics(guarded, resource, "Authorization: Bearer " + scraper + "\r\n"))
                        .isEqualTo(403);
            }
            for (String probe : List.of("/livez", "/readyz")) {
                assertThat(status(guarded.port(), "GET " + probe + " HTTP/1.0\r\nHost: localhost\r\n\r\n"))
                        .isEqualTo(200);
            }
        }
    }

    private static int metrics(Hub hub, String resource, String credentials) throws IOException {
        return status(
                hub.managementPort(),
                "GET /actuator" + resource + " HTTP/1.0\r\nHost: localhost\r\n" + credentials + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz"})
    void balancersCanProbeTheApisPort(String path) throws Exception {
        assertThat(hub.client().get(path).status()).isEqualTo(200);
        assertThat(hub.client().get(path).text()).contains("eventLoops");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /",
        "GET,  /v1/topics",
        "GET,  /v1/topics/flights",
        "GET,  /v1/topics/flights/stream",
        "GET,  /v1/topics/flights/partitions/0/records?offset=0",
        "GET,  /v1/groups",
        "GET,  /v1/cluster",
        "GET,  /v1/limits",
        "GET,  /openapi",
        "GET,  /asyncapi.yaml",
        "GET,  /docs/errors",
        "GET,  /swagger-ui.html",
        "POST, /v1/topics",
        "POST, /v1/topics/flights/records",
        "GET,  /v1/ws",
    })
    void theActuatorsPortHasNothingOfTheApi(String method, String path) throws Exception {
        String body = method.equals("POST")
                ? "Content-Type: application/json\r\nContent-Length: 26\r\n\r\n{\"records\":[{\"value\":1}]}  "
                : "\r\n";
        String head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + (path.equals("/v1/ws") ? HANDSHAKE : "Connection: close\r\n");

        assertThat(status(hub.port(), head + body)).as("a control").isNotEqualTo(404);
        assertThat(status(hub.managementPort(), head + body)).isEqualTo(404);
    }

    /** As on the API's port, except that no other site is let in there. */
    @ParameterizedTest
    @CsvSource({
        "Host: localhost,                                                200",
        "Host: 127.0.0.1,                                                200",
        "Host: rebound.example.org,                                      421",
        "Host: localhost|Origin: https://evil.example.org,               403",
        "Host: localhost|Origin: https://app.example.org,                403",
        "Host: localhost|Sec-Fetch-Site: cross-site,                     403",
        "Host: localhost|Sec-Fetch-Site: same-site,                      403",
    })
    void noPageOfAnotherSiteReadsMetrics(String headers, int status) throws Exception {
        String request = "GET /actuator/prometheus HTTP/1.1\r\n" + headers.replace("|", "\r\n")
                + "\r\nConnection: close\r\n\r\n";

        String answer = answer(hub.managementPort(), request);

        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("x-content-type-options: nosniff");
        assertThat(answer.contains("jvm_memory_used_bytes")).isEqualTo(status == 200);
    }

    @Test
    void metricsAreCompressed() throws Exception {
        assertThat(answer(
                        hub.managementPort(),
                        "GET /actuator/prometheus HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
                                + "Connection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("content-encoding: gzip");
    }

    @Test
    void metricsAreReadWhenTheApiHasAllItsConnections() throws Exception {
        try (Hub full = Hub.start("millrace.connections.max=1", "millrace.connections.max-per-address=1");
                Socket _ = new Socket("127.0.0.1", full.port())) {
            assertThat(full.management().get("/actuator/prometheus").text())
                    .contains("millrace_connections{application=\"millrace\"} 1.0");
            assertThat(full.bean(MeterRegistry.class)
                            .get("millrace.connections")
                            .gauge()
                            .value())
                    .isOne();
        }
    }

    @Test
    void itsConnectionsHaveALimit() throws Exception {
        int most = 100;
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i <= most; i++) {
                open.add(new Socket("127.0.0.1", hub.managementPort()));
            }
            await().untilAsserted(() -> assertThat(open).anyMatch(socket -> isClosed(socket)));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(10);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Two hubs of one machine, of which only one was given a port. */
    @ParameterizedTest
    @CsvSource({
        "management.server.port, health and metrics, MANAGEMENT_SERVER_PORT",
        "server.port,            its API,            SERVER_PORT",
    })
    void aPortThatIsTakenIsNamedWithItsSetting(String setting, String use, String variable, CapturedOutput output) {
        int taken = setting.equals("server.port") ? hub.port() : hub.managementPort();

        assertThatThrownBy(() -> Hub.start(DATABASE, setting + "=" + taken)).isInstanceOf(RuntimeException.class);

        assertThat(output)
                .contains("Port " + taken + ", which the hub needs for " + use + ", is in use.", variable + ", or --")
                .doesNotContain("\tat ");
    }

    private static int status(int port, String request) throws IOException {
        return Integer.parseInt(answer(port, request).substring(9, 12));
    }

    /** All up to the end, or the first bytes of an answer that has none. */
    private static String answer(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] answer = request.contains("Upgrade") || request.contains("/stream")
                    ? socket.getInputStream().readNBytes(12)
                    : socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.UTF_8);
        }
    }
}
