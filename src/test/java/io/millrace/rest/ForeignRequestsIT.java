package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.StartPosition;
import io.millrace.group.Groups;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.testing.Hub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * On all ways in: a request that is not meant for the hub, or comes from a stranger's page, changes and reveals
 * nothing.
 */
class ForeignRequestsIT {

    private static final String RECORDS = "/v1/topics/t/records";
    private static final String JSON = "Content-Type: application/json";
    private static final String SHOP = "https://shop.example";
    private static final String HANDSHAKE = "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    /**
     * A way in.
     *
     * @param served the status of the answer if nothing is wrong
     */
    record Way(String line, String headers, String body, int served) {

        @Override
        public String toString() {
            return line + " " + headers.lines().findFirst().orElse("");
        }
    }

    private static Hub hub;
    private static HttpApi api;
    private static String member;

    private String before;

    @BeforeAll
    static void start() {
        hub = Hub.start("millrace.http.allowed-origins=" + SHOP);
        api = HttpApi.of(hub);
        api.topic("t", 1);
        api.post(RECORDS, HttpApi.JSON, "{\"records\":[{\"value\":1},{\"value\":2}]}")
                .hasStatus(200);
        member = hub.bean(Groups.class)
                .joinDetached(new JoinRequest(
                        "g",
                        MemberProtocol.REST,
                        List.of("t"),
                        new StartPosition.Earliest(),
                        null,
                        Duration.ofMinutes(10),
                        null))
                .assignment()
                .memberId();
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @BeforeEach
    void look() {
        before = state();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(state()).isEqualTo(before);
    }

    /** What strangers could change. */
    private static String state() {
        JdbcClient jdbc = hub.bean(JdbcClient.class);
        return Stream.of(
                        "select count(*) || '' from millrace.record",
                        "select coalesce(string_agg(name, ','), '') from millrace.topic",
                        "select coalesce(string_agg(name, ','), '') from millrace.consumer_group",
                        "select count(*) || '' from millrace.group_member",
                        "select coalesce(string_agg(next_offset || '', ','), '') from millrace.committed_offset")
                .map(sql -> jdbc.sql(sql).query(String.class).single())
                .toList()
                .toString();
    }

    private static List<Way> ways() {
        return List.of(
                new Way("POST " + RECORDS, JSON, "{\"records\":[{\"value\":3}]}", 200),
                new Way("POST " + RECORDS + "?acks=0", JSON, "{\"records\":[{\"value\":3}]}", 202),
                new Way("POST " + RECORDS, "Content-Type: text/plain", "3", 200),
                new Way("POST " + RECORDS, "Content-Type: application/x-ndjson", "{\"value\":3}", 200),
                new Way("POST /v1/topics", JSON, "{\"name\":\"u\"}", 201),
                new Way("DELETE /v1/topics/t", "", "", 204),
                new Way("GET /v1/topics/t", "", "", 200),
                new Way("GET /v1/topics/t/partitions/0/records", "", "", 200),
                new Way("GET /v1/topics/t/stream?from=earliest", "Accept: text/event-stream", "", 200),
                new Way(
                        "GET /v1/groups/h/stream?topics=t&from=earliest&commit=auto",
                        "Accept: text/event-stream",
                        "",
                        200),
                new Way("GET /v1/ws", HANDSHAKE, "", 101),
                new Way("GET /v1/groups/g", "", "", 200),
                new Way("POST /v1/groups/g/members", JSON, "{\"topics\":[\"t\"]}", 201),
                new Way("GET /v1/groups/g/members/" + member + "/records", "", "", 200),
                new Way(
                        "POST /v1/groups/g/members/" + member + "/offsets",
                        JSON,
                        "{\"offsets\":[{\"topic\":\"t\",\"partition\":0,\"next_offset\":1}]}",
                        200),
                new Way("PATCH /v1/groups/g/offsets", JSON, "{\"topics\":[\"t\"],\"to\":\"latest\"}", 200),
                new Way("DELETE /v1/groups/g/members/" + member, "", "", 204),
                new Way("GET /v1/limits", "", "", 200),
                new Way("GET /readyz", "", "", 200),
                new Way("GET /openapi", "", "", 200),
                new Way("GET /nowhere", "", "", 404));
    }

    static Stream<Way> everyWay() {
        return Stream.concat(ways().stream(), Stream.of(new Way("OPTIONS /v1/topics", "", "", 200)));
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void isRefused(Way way) throws Exception {
        send(way, "Host: evil.example:8080", "").isProblem(421, "unknown_host", null);
        send(way, "Host: evil.example:8080", "Origin: http://evil.example:8080").isProblem(421, "unknown_host", null);
        send(way, "Host: a@localhost", "").isProblem(400, "invalid_request", "Host");
        for (String origin : List.of("http://evil.example", "http://localhost:1", "null", "file://")) {
            Answer refused = send(way, "Host: localhost", "Origin: " + origin);

            refused.isProblem(403, "foreign_origin", null);
            assertThat(refused.header("access-control-allow-origin")).isNull();
        }
        for (String site : List.of("cross-site", "same-site")) {
            send(way, "Host: localhost", "Sec-Fetch-Site: " + site + "\nSec-Fetch-Mode: no-cors\nSec-Fetch-Dest: image")
                    .isProblem(403, "foreign_origin", null);
        }
    }

    static Stream<Way> withEffect() {
        return ways().stream()
                .filter(way -> !way.line.startsWith("GET") || way.line.contains("/groups/h/") || way.served == 101);
    }

    @ParameterizedTest
    @MethodSource
    void withEffect(Way way) throws Exception {
        send(way, "Host: localhost", "User-Agent: Mozilla/5.0 (X11) Chrome/60").isProblem(403, "foreign_origin", null);
    }

    @Test
    void aPlainGetDoesNotCommit() throws Exception {
        for (String accept : List.of("*/*", "image/avif,image/webp,*/*;q=0.8", "text/*")) {
            Way image = new Way("GET /v1/groups/h/stream?topics=t&commit=auto", "Accept: " + accept, "", 200);
            send(image, "Host: localhost", "").isProblem(406, "not_acceptable", null);
        }
    }

    @Test
    void anAllowedPageCanReadAnswersAndRefusals() throws Exception {
        Way read = new Way("GET /v1/topics/t", "", "", 200);
        Answer answer = send(read, "Host: localhost", "Origin: " + SHOP + "\nSec-Fetch-Site: cross-site")
                .hasStatus(200);
        isShared(answer);
        assertThat(answer.header("access-control-expose-headers")).contains("ETag", "Retry-After", "X-Request-Id");

        isShared(send(new Way("GET /v1/topics/none", "", "", 404), "Host: localhost", "Origin: " + SHOP)
                .hasStatus(404));
        Way stream = new Way("GET /v1/topics/t/stream", "Accept: text/event-stream", "", 200);
        isShared(send(stream, "Host: localhost", "Origin: " + SHOP).hasStatus(200));
        send(new Way("GET /v1/ws", HANDSHAKE, "", 101), "Host: localhost", "Origin: " + SHOP)
                .hasStatus(101);
        // a cache must not give the page an answer that others got
        assertThat(send(read, "Host: localhost", "").headers().allValues("vary"))
                .contains("origin");
    }

    private static void isShared(Answer answer) {
        assertThat(answer.header("access-control-allow-origin")).isEqualTo(SHOP);
        assertThat(answer.header("access-control-allow-credentials")).isNull();
        assertThat(answer.headers().allValues("vary")).contains("origin");
    }

    @Test
    void anAllowedPageMaySendWhatTheApiTakes() throws Exception {
        for (String path : List.of(RECORDS, "/v1/topics/t", "/v1/groups/g/stream", "/v1/not/there/yet")) {
            Answer permission = send(
                    new Way("OPTIONS " + path, "", "", 204),
                    "Host: localhost",
                    "Origin: " + SHOP + "\nAccess-Control-Request-Method: PATCH\n"
                            + "Access-Control-Request-Headers: content-type,hub-header-a,if-match,last-event-id");

            isShared(permission.hasStatus(204));
            assertThat(permission.header("access-control-allow-methods")).contains("POST", "PATCH", "DELETE");
            assertThat(permission.header("access-control-allow-headers"))
                    .isEqualTo("content-type,hub-header-a,if-match,last-event-id");
        }
    }

    @Test
    void theHubsOwnPagesAreServed() throws Exception {
        String own = "Origin: http://localhost:" + hub.port() + "\nSec-Fetch-Site: same-origin";
        String host = "Host: localhost:" + hub.port();

        for (Way way : ways()) {
            if (way.line.startsWith("GET") && !way.line.contains("/groups/h/")) {
                send(way, host, own).hasStatus(way.served);
            }
        }
        send(new Way("POST " + RECORDS, JSON, "{\"records\":[]}", 400), host, own)
                .isProblem(400, "invalid_request", "#/records");
    }

    @Test
    void answersAreNotSniffedAndPagesRunOnlyTheHubsScripts() throws Exception {
        for (Way way : ways()) {
            if (way.line.startsWith("GET") && way.served != 101 && !way.line.contains("/groups/h/")) {
                Answer answer = send(way, "Host: localhost", "").hasStatus(way.served);
                assertThat(answer.header("x-content-type-options")).as(way.line).isEqualTo("nosniff");
            }
        }
        Answer refused = send(new Way("POST " + RECORDS, JSON, "{}", 400), "Host: localhost", "");
        assertThat(refused.header("x-content-type-options")).isEqualTo("nosniff");
        for (String page : List.of("/docs/errors", "/swagger-ui/index.html")) {
            Answer answer = send(new Way("GET " + page, "Accept: text/html", "", 200), "Host: localhost", "")
                    .hasStatus(200);
            assertThat(answer.header("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'");
            assertThat(answer.header("x-frame-options")).isEqualTo("DENY");
        }
    }

    @Test
    void aConnectionGoesOnAfterARefusal() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            for (int i = 0; i < 3; i++) {
                connection.send(request("POST " + RECORDS, "evil.example", "x".repeat(100_000)));
                connection.read().isProblem(421, "unknown_host", null);
                connection.send(request("GET /v1/limits", "localhost", ""));
                connection.read().hasStatus(200);
            }
        }
    }

    /** The refusal comes after the answers to earlier requests, and is the last answer. */
    @Test
    void answersStayInOrder() throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(request("GET /v1/topics/t/partitions/0/records?offset=2&wait=300ms", "localhost", "")
                    + request("GET /v1/topics/t", "localhost", "")
                    + request("POST " + RECORDS, "evil.example", "{\"records\":[{\"value\":3}]}")
                    + request("DELETE /v1/topics/t", "localhost", ""));

            assertThat(connection.read().hasStatus(200).json().has("high_watermark"))
                    .isTrue();
            assertThat(connection.read().hasStatus(200).json().has("config")).isTrue();
            Answer refusal = connection.read();
            refusal.isProblem(421, "unknown_host", null);
            assertThat(refusal.header("connection")).isEqualTo("close");
            assertThat(connection.rest()).isEmpty();
        }
    }

    private static String request(String line, String host, String body) {
        return line + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static Answer send(Way way, String host, String more) throws Exception {
        List<String> lines = new ArrayList<>(List.of(way.line + " HTTP/1.1", host));
        Stream.of(way.headers, more).flatMap(String::lines).forEach(lines::add);
        lines.add("Content-Length: " + way.body.length());
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(String.join("\r\n", lines) + "\r\n\r\n" + way.body);
            return way.served == 101 || way.line.contains("/stream") ? connection.readHead() : connection.read();
        }
    }
}
