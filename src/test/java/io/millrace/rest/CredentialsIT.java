package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.access.Acl.RuleOperation;
import io.millrace.client.RefusedException;
import io.millrace.rest.AccessRows.Frame;
import io.millrace.rest.AccessRows.Row;
import io.millrace.rest.ProduceWay.Outcome;
import io.millrace.security.Permission.Resource;
import io.millrace.stream.StreamTopics;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation and every frame, whatever the caller presents: nothing, something wrong, an expired or a revoked key,
 * the key of somebody who may not, and that of somebody who may. The rows are those of {@link AccessIT}, which fails if
 * the OpenAPI or the AsyncAPI document has one more.
 */
class CredentialsIT {

    /** What a caller presents. */
    enum State {
        NONE(401),
        WRONG(401),
        EXPIRED(401),
        REVOKED(401),
        NOT_ALLOWED(403),
        ALLOWED(0);

        private final int status;

        State(int status) {
            this.status = status;
        }
    }

    private static final Map<State, String> tokens = new EnumMap<>(State.class);

    private static Hub hub;
    private static HttpClient http;
    private static String member;

    @BeforeAll
    static void start() throws Exception {
        hub = Guarded.start();
        http = HttpClient.newHttpClient();
        tokens.put(State.EXPIRED, Guarded.key(hub, Guarded.ADMIN, Duration.ofMillis(1)));
        tokens.put(State.REVOKED, Guarded.key(hub, Guarded.ADMIN));
        Guarded.revoke(hub, tokens.get(State.REVOKED));
        tokens.put(State.NOT_ALLOWED, Guarded.key(hub, "User:nobody"));
        tokens.put(State.ALLOWED, Guarded.key(hub, Guarded.ADMIN));
        String wrong = tokens.get(State.ALLOWED);
        tokens.put(State.WRONG, wrong.substring(0, wrong.length() - 4) + "AAAA");
        StreamTopics.appendTo(hub, hub.createTopic("guarded", 1), 0, 3);
        hub.createTopic("others", 1);
        String joined = send(
                        "POST /v1/groups/guarded/members"
                                + " {'topics':['guarded','others'],'from':'earliest','session_timeout_ms':1800000}",
                        "",
                        tokens.get(State.ALLOWED))
                .body();
        member = JsonMapper.shared().readTree(joined).path("member_id").asString();
    }

    @BeforeEach
    void awaitTheEndOfEarlierStreams() {
        // A member leaves some time after its connection has ended.
        if (isMemberConnected()) {
            await().until(() -> !isMemberConnected());
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
        http.close();
    }

    static Stream<Arguments> requests() {
        return Stream.concat(
                        AccessRows.rows(),
                        Stream.of(
                                Row.of("listTopics", "GET /v1/topics"),
                                Row.of("listGroups", "GET /v1/groups"),
                                Row.of("limits", "GET /v1/limits"),
                                Row.of("createTicket", "POST /v1/tickets")))
                .flatMap(row -> Arrays.stream(State.values()).map(state -> Arguments.of(row, state)))
                // What is allowed is carried out, and what deletes comes last then.
                .sorted((one, other) -> Boolean.compare(deletes(one), deletes(other)));
    }

    private static boolean deletes(Arguments arguments) {
        return ((Row) arguments.get()[0]).request().startsWith("DELETE");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRequest(Row row, State state) throws Exception {
        String before = everything();

        Reply reply = send(row.request(), row.type(), tokens.get(state));

        if (state == State.ALLOWED) {
            assertThat(reply.status()).as(reply.body()).isNotIn(401, 403).isLessThan(500);
            if (row.request().contains(" /v1/topics") && !row.request().startsWith("GET")) {
                awaitTheEndOfRebalancing();
            }
        } else if (state == State.NOT_ALLOWED && row.needs().isEmpty()) {
            assertThat(reply.status()).as(reply.body()).isBetween(200, 201);
            assertThat(reply.body()).doesNotContain("guarded");
        } else {
            assertThat(reply.status()).as(reply.body()).isEqualTo(state.status);
            assertThat(reply.code()).isEqualTo(state.status == 401 ? "unauthenticated" : "forbidden");
            assertThat(reply.challenge()).isEqualTo(state.status == 401 ? "Bearer realm=\"millrace\"" : null);
            assertThat(everything()).isEqualTo(before);
        }
    }

    static Stream<Arguments> produceWays() {
        return Arrays.stream(ProduceWay.values())
                .flatMap(way -> Arrays.stream(State.values()).map(state -> Arguments.of(way, state)));
    }

    @ParameterizedTest
    @MethodSource("produceWays")
    void producing(ProduceWay way, State state) {
        present(state);
        String before = everything();
        try (HttpApi api = HttpApi.of(hub)) {
            String code;
            try {
                Outcome outcome = way.produce(api, hub, "others", "1", List.of("{\"value\":1}"));
                code = outcome.code();
            } catch (RefusedException handshake) {
                code = handshake.code();
            }

            assertThat(code)
                    .isEqualTo(
                            switch (state.status) {
                                case 401 -> "unauthenticated";
                                case 403 -> "forbidden";
                                default -> "";
                            });
        }
        if (state != State.ALLOWED) {
            assertThat(everything()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void aHandshake(State state) {
        present(state);

        RefusedException refusal = catchThrowableOfType(
                RefusedException.class, () -> WsClient.connect(hub).close());

        // Who is known may connect; what may be done is asked for each frame.
        assertThat(refusal == null ? 0 : refusal.status()).isEqualTo(state.status == 401 ? 401 : 0);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.rest.AccessRows#frames")
    void aFrame(Frame frame) {
        present(State.NOT_ALLOWED);
        long group = Guarded.allow(hub, "User:nobody", RuleOperation.READ, Resource.GROUP, "sockets");
        long topic = Guarded.allow(hub, "User:nobody", RuleOperation.READ, Resource.TOPIC, "others");
        awaitRules();
        try (WsClient client = WsClient.connect(hub)) {
            if (frame.type().equals("commit")) {
                client.send("{'type':'subscribe','id':'s','group':'sockets','topics':['others'],'credits':0}");
                client.next("assigned");
                Guarded.deny(hub, "User:nobody", RuleOperation.COMMIT, Resource.GROUP, "sockets");
                awaitRules();
            }

            String code = client.send(frame.frame())
                    .next("error")
                    .path("problem")
                    .path("code")
                    .asString();

            assertThat(code).isEqualTo("forbidden");
        } finally {
            Guarded.remove(hub, group);
            Guarded.remove(hub, topic);
        }
        present(State.ALLOWED);
        try (WsClient client = WsClient.connect(hub)) {
            if (!frame.type().equals("commit")) {
                client.send(frame.frame()).next("assigned");
            }
        }
    }

    @Test
    void pagesAndHealthAreOpen() throws Exception {
        for (String path : List.of("/", "/openapi.yaml", "/asyncapi.yaml", "/docs/errors", "/swagger-ui.html")) {
            assertThat(send("GET " + path, "", null).status()).as(path).isIn(200, 302, 307);
        }
    }

    /** Spellings of a path that routing takes for another than the one that was let through. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "/%761/topics",
                "/v1/topics;x=/docs",
                "/docs/../v1/topics",
                "/docs/%2e%2e/v1/topics",
                "//v1/topics",
                "/v1//topics",
                "/V1/topics",
                "/v1/topics/",
                "/docs;/../v1/topics",
                "/webjars/..;/v1/topics"
            })
    void noSpellingOfAPathIsLetThrough(String path) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + path))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 401, 403, 404);
        assertThat(answer.body()).doesNotContain("\"topics\"");
    }

    private static boolean isMemberConnected() {
        return everything().contains("\"node_id\": \"");
    }

    private static void present(State state) {
        hub.present(tokens.get(state));
    }

    private static void awaitRules() {
        try {
            hub.runLoop("access-catalogue");
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Groups follow a change of their topics in the background. */
    private static void awaitTheEndOfRebalancing() {
        String[] last = {""};
        await().pollInterval(Duration.ofMillis(300)).until(() -> last[0].equals(last[0] = everything()));
    }

    private static String everything() {
        return hub.bean(JdbcClient.class)
                .sql(AccessRows.EVERYTHING)
                .query(String.class)
                .single();
    }

    /** @param challenge the header {@code WWW-Authenticate} */
    private record Reply(int status, String body, @Nullable String challenge) {

        String code() {
            return JsonMapper.shared().readTree(body).path("code").asString();
        }
    }

    private static Reply send(String request, String type, @Nullable String token) throws Exception {
        String[] parts = request.replace("$member", String.valueOf(member)).split(" ", 3);
        HttpRequest.Builder builder = HttpRequest.newBuilder(hub.http(parts[1]))
                .method(
                        parts[0],
                        parts.length == 3
                                ? BodyPublishers.ofString(parts[2].replace('\'', '"'))
                                : BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20));
        if (parts.length == 3) {
            builder.header("Content-Type", "application/json");
        }
        if (!type.isEmpty()) {
            builder.header("Accept", type);
        }
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        HttpResponse<InputStream> answer = http.send(builder.build(), BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            boolean stream = answer.headers()
                    .firstValue("Content-Type")
                    .filter("text/event-stream"::equals)
                    .isPresent();
            return new Reply(
                    answer.statusCode(),
                    stream ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8),
                    answer.headers().firstValue("WWW-Authenticate").orElse(null));
        }
    }
}
