package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What {@code /v1/limits} states of connections and of request heads holds to the byte. */
class StatedLimitsIT {

    private static Hub hub;
    private static HttpApi api;
    private static JsonNode limits;

    @BeforeAll
    static void start() {
        hub = Hub.start(
                "millrace.connections.max=50",
                "millrace.connections.max-per-address=30",
                "server.netty.idle-timeout=7s",
                "millrace.limits.max-records-per-request=700",
                "server.max-http-request-header-size=6KB");
        api = HttpApi.of(hub);
        api.post("/v1/topics", HttpApi.JSON, "{\"name\":\"deep\",\"partitions\":1}")
                .hasStatus(201);
        limits = api.get("/v1/limits").hasStatus(200).json();
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @Test
    void settingsAreStated() {
        assertThat(limits.path("max_connections").asInt()).isEqualTo(50);
        assertThat(limits.path("max_connections_per_address").asInt()).isEqualTo(30);
        assertThat(limits.path("idle_timeout_ms").asInt()).isEqualTo(7_000);
        assertThat(limits.path("max_request_header_bytes").asInt()).isEqualTo(6 * 1024);
        assertThat(limits.path("max_pipelined_requests").asInt()).isEqualTo(100);
        assertThat(limits.path("head_timeout_ms").asInt()).isEqualTo(10_000);
        assertThat(limits.path("body_grace_ms").asInt()).isEqualTo(20_000);
        assertThat(limits.path("min_body_bytes_per_second").asInt()).isEqualTo(4_096);
        assertThat(limits.path("ping_interval_ms").asInt()).isEqualTo(30_000);
        assertThat(limits.path("pong_timeout_ms").asInt()).isEqualTo(30_000);
        assertThat(limits.path("stall_timeout_ms").asInt()).isEqualTo(30_000);
    }

    @Test
    void schemasHaveTheLimits() {
        JsonNode schemas = api.get("/openapi").json().at("/components/schemas");

        assertThat(schemas.at("/ProduceRequest/properties/records/maxItems"))
                .isEqualTo(limits.path("max_records_per_request"));
        assertThat(schemas.at("/NewRecord/properties/headers/maxItems"))
                .isEqualTo(limits.path("max_headers_per_record"));
        assertThat(schemas.at("/CommitRequest/properties/offsets/maxItems"))
                .isEqualTo(limits.path("max_offsets_per_request"));
        assertThat(schemas.at("/JoinRequest/properties/topics/maxItems"))
                .isEqualTo(limits.path("max_topics_per_member"));
        assertThat(schemas.at("/JoinRequest/properties/session_timeout_ms/maximum"))
                .isEqualTo(limits.path("max_session_timeout_ms"));
        assertThat(schemas.at("/TopicRequest/properties/partitions/maximum"))
                .isEqualTo(limits.path("max_partitions_per_topic"));
        assertThat(limits.path("max_records_per_request").asInt()).isEqualTo(700);
    }

    @Test
    void jsonIsAsDeepAsStated() {
        int deepest = limits.path("max_json_depth").asInt();

        produce(deepest).hasStatus(200);
        produce(deepest + 1).isProblemWithoutPath(400, "malformed_json");
    }

    private static Answer produce(int depth) {
        return api.post(
                "/v1/topics/deep/records",
                HttpApi.JSON,
                "{\"records\":[{\"value\":" + "[".repeat(depth) + "]".repeat(depth) + "}]}");
    }

    @Test
    void aRequestLineIsAsLongAsStated() throws Exception {
        int longest = limits.path("max_request_line_bytes").asInt();
        String around = "GET /v1/limits? HTTP/1.1";

        assertThat(status("GET /v1/limits?" + "x".repeat(longest - around.length()) + " HTTP/1.1\r\nHost: localhost"))
                .isEqualTo(200);
        assertThat(status(
                        "GET /v1/limits?" + "x".repeat(longest - around.length() + 1) + " HTTP/1.1\r\nHost: localhost"))
                .isEqualTo(413);
    }

    @Test
    void headersAreAsLongAsStated() throws Exception {
        int longest = limits.path("max_request_header_bytes").asInt();
        String others = "Host: localhost\r\nConnection: close\r\nX-Long: \r\n";
        // Netty does not count the ends of lines.
        int left = longest - others.replace("\r\n", "").length();

        assertThat(status("GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(left)))
                .isEqualTo(200);
        assertThat(status("GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(left + 1)))
                .isEqualTo(413);
    }

    private static int status(String head) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", hub.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return Integer.parseInt(
                    new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).substring(9));
        }
    }
}
