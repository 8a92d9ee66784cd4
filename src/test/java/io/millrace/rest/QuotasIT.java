package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.access.Acl.RuleOperation;
import io.millrace.client.RefusedException;
import io.millrace.rest.ProduceWay.Outcome;
import io.millrace.security.Permission.Resource;
import io.millrace.security.Quotas.Kind;
import io.millrace.stream.StreamTopics;
import io.millrace.stream.sse.SseClient;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import io.millrace.topic.Topic;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What users may do in a second, on each way into the hub and out of it. */
@Timeout(180)
class QuotasIT {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final String RECORD = "{\"value\":\"%s\"}";

    private static final String LARGE = '"' + "x".repeat(40_000) + '"';

    private static Hub hub;
    private static HttpApi admin;

    /** Presents nothing by itself. */
    private static HttpApi plain;

    @BeforeAll
    static void start() {
        hub = Guarded.start();
        plain = HttpApi.of(hub);
        hub.present(Guarded.key(hub, Guarded.ADMIN));
        admin = HttpApi.of(hub);
        Guarded.allow(hub, "User:*", RuleOperation.ALL, Resource.TOPIC, "*");
        Guarded.allow(hub, "User:*", RuleOperation.ALL, Resource.GROUP, "*");
    }

    @AfterAll
    static void stop() {
        admin.close();
        plain.close();
        hub.close();
    }

    @Test
    void aRequestMoreIsToldWhenToTryAgain() {
        String user = user();
        String key = Guarded.key(hub, user);
        quota(user, "{\"requests_per_second\":2}").hasStatus(201);

        Answer first = get(key).hasStatus(200);
        Answer second = get(key).hasStatus(200);
        Answer third = get(key);

        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"requests\";q=2;w=1");
        assertThat(first.header("RateLimit")).isEqualTo("\"requests\";r=1;t=1");
        assertThat(second.header("RateLimit")).isEqualTo("\"requests\";r=0;t=1");
        JsonNode problem = third.isProblemWithoutPath(429, "quota_exceeded");
        assertThat(problem.path("retry_after_ms").asLong()).isBetween(1L, 501L);
        assertThat(problem.path("detail").asString()).contains(user, "requests");
        assertThat(third.header("Retry-After")).isEqualTo("1");
        assertThat(third.header("RateLimit")).isEqualTo("\"requests\";r=0;t=1");
        // The short way below WebFlux says the same.
        String topic = hub.createTopic(name(), 1).name();
        admin.post("/v1/topics/" + topic + "/records", HttpApi.JSON, "{\"records\":[{\"value\":1}]}")
                .hasStatus(200);
        Answer produced = plain.post(
                "/v1/topics/" + topic + "/records",
                HttpApi.JSON,
                "{\"records\":[{\"value\":1}]}",
                "Authorization",
                "Bearer " + key);
        assertThat(produced.header("RateLimit-Policy")).isEqualTo("\"requests\";q=2;w=1");
        // Others are served as before.
        admin.get("/v1/limits").hasStatus(200);
        await().until(() -> get(key).status() == 200);
    }

    @Test
    void whoHasNoQuotaIsToldNothing() {
        assertThat(get(Guarded.key(hub, user())).headers().map())
                .doesNotContainKeys("ratelimit", "ratelimit-policy", "retry-after");
    }

    /** Short-cuts below WebFlux and frames of a WebSocket count, too. */
    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void requestsCountOnEachWay(ProduceWay way) {
        String user = user();
        Topic topic = hub.createTopic(name(), 1);
        Guarded.quota(hub, user, Kind.REQUESTS, 5);
        int stored = 0;
        int refused = 0;
        long began = System.nanoTime();
        try (HttpApi api = presenting(Guarded.key(hub, user))) {
            for (int i = 0; i < 15; i++) {
                String code = produce(way, api, topic, 1);
                assertThat(code).isIn("", "quota_exceeded");
                stored += code.isEmpty() ? 1 : 0;
                refused += code.isEmpty() ? 0 : 1;
            }
        }

        long millis = (System.nanoTime() - began) / 1_000_000;
        // A WebSocket takes one request to connect, and one for its frame.
        assertThat(stored).isBetween(1, 5 + (int) (millis / 200) + 1);
        assertThat(refused).as("in %d ms", millis).isPositive();
        assertThat(records(topic)).isEqualTo(stored);
    }

    @Test
    void framesOfOneWebSocketCountButPermitsDoNot() throws Exception {
        String user = user();
        Topic topic = hub.createTopic(name(), 1);
        Topic quiet = hub.createTopic(name(), 1);
        Guarded.quota(hub, user, Kind.REQUESTS, 5);
        hub.present(Guarded.key(hub, user));
        String produce = "{'type':'produce','ref':'p','topic':'" + topic.name() + "','records':[{'value':1}]}";
        try (WsClient client = WsClient.connect(hub)) {
            int refused = 0;
            for (int i = 0; i < 15; i++) {
                JsonNode answer = client.send(produce).next();
                refused += answer.path("type").asString().equals("error") ? 1 : 0;
            }
            assertThat(refused).isBetween(1, 14);
            assertThat(records(topic)).isEqualTo(15 - refused);
            for (int i = 0; i < 15; i++) {
                client.send("{'type':'seek','id':'none','partitions':[{'partition':0,'next_offset':0}]}");
            }
            List<String> codes = IntStream.range(0, 15)
                    .mapToObj(_ ->
                            client.next("error").path("problem").path("code").asString())
                    .distinct()
                    .toList();
            assertThat(codes).contains("quota_exceeded");
            await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
            client.send("{'type':'subscribe','id':'a','topics':['" + quiet.name() + "'],'credits':1}")
                    .next("assigned");
            for (int i = 0; i < 30; i++) {
                client.send("{'type':'permit','id':'a','records':1}");
            }
            assertThat(client.send(produce).next().path("type").asString()).isEqualTo("produced");
        }
    }

    /** A single request may be larger than what may be sent in a second; the next ones wait for it. */
    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void producedBytesCountOnEachWay(ProduceWay way) {
        String user = user();
        Topic topic = hub.createTopic(name(), 1);
        Guarded.quota(hub, user, Kind.PRODUCED_BYTES, 1_000);
        try (HttpApi api = presenting(Guarded.key(hub, user))) {
            assertThat(produce(way, api, topic, 4_000)).isEmpty();
            long began = System.nanoTime();
            String code = produce(way, api, topic, 10);
            Duration taken = Duration.ofNanos(System.nanoTime() - began);

            if (way == ProduceWay.NDJSON) {
                // Its body is taken as fast as the quota allows.
                assertThat(code).isEmpty();
                assertThat(taken).isBetween(Duration.ofMillis(2_000), Duration.ofMillis(8_000));
            } else {
                assertThat(code).isEqualTo("quota_exceeded");
                assertThat(records(topic)).isOne();
                await().atMost(Duration.ofSeconds(8))
                        .until(() -> produce(way, api, topic, 10).isEmpty());
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(2_000));
            }
        }
        assertThat(records(topic)).isEqualTo(2);
    }

    @Test
    void streamsAreSlowedDown() throws Exception {
        String user = user();
        Topic topic = hub.createTopic(name(), 1);
        Guarded.quota(hub, user, Kind.CONSUMED_BYTES, 10_000);
        String key = Guarded.key(hub, user);
        StreamTopics.appendValue(hub, topic, LARGE);
        String topics = "'topics':['" + topic.name() + "'],'from':'earliest'";
        hub.present(key);
        try (WsClient webSocket = WsClient.connect(hub)) {
            webSocket.send("{'type':'subscribe','id':'a'," + topics + ",'credits':9}");
            webSocket.next("assigned");
            webSocket.next("records");
            long began = System.nanoTime();
            StreamTopics.appendValue(hub, topic, "2");

            webSocket.next("records");

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(2_000));
        }
        String path = "/v1/topics/" + topic.name() + "/stream?from=earliest";
        try (SseClient slow = SseClient.presenting(key, hub, path);
                SseClient other = SseClient.presenting(Guarded.key(hub, user()), hub, path)) {
            slow.nextControl("assigned");
            slow.nextRecord();
            long began = System.nanoTime();
            other.nextControl("assigned");
            other.nextRecord();
            other.nextRecord();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(2_000));

            slow.nextRecord();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(2_000));
        }
    }

    @Test
    void longPollsOfMembersWait() {
        String user = user();
        Topic topic = hub.createTopic(name(), 1);
        Guarded.quota(hub, user, Kind.CONSUMED_BYTES, 10_000);
        StreamTopics.appendValue(hub, topic, LARGE);
        try (HttpApi api = presenting(Guarded.key(hub, user))) {
            JsonNode member = api.post(
                            "/v1/groups/" + name() + "/members",
                            HttpApi.JSON,
                            "{\"topics\":[\"" + topic.name() + "\"],\"from\":\"earliest\"}")
                    .hasStatus(201)
                    .json();
            String path = "/v1/groups/" + member.path("group").asString() + "/members/"
                    + member.path("member_id").asString() + "/records?wait=10s";
            JsonNode first = api.get(path).hasStatus(200).json();
            assertThat(first.path("partitions")).hasSize(1);
            StreamTopics.appendValue(hub, topic, "2");
            long began = System.nanoTime();

            JsonNode second = api.get(path + "&cursor=" + first.path("cursor").asString())
                    .hasStatus(200)
                    .json();

            assertThat(second.path("partitions").path(0).path("records")).hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(2_000));
        }
    }

    @Test
    void readsOfAPartitionAreRefusedAndNdjsonGoesOn() {
        String user = user();
        Topic topic = hub.createTopic(name(), 1);
        Guarded.quota(hub, user, Kind.CONSUMED_BYTES, 10_000);
        StreamTopics.append(hub, topic, 0, 3);
        StreamTopics.appendValue(hub, topic, LARGE);
        String path = "/v1/topics/" + topic.name() + "/partitions/0/records?offset=0";
        try (HttpApi api = presenting(Guarded.key(hub, user))) {
            assertThat(api.get(path).hasStatus(200).json().path("records")).hasSize(4);
            api.get(path).isProblem(429, "quota_exceeded", null);
            api.get(path, "Accept", HttpApi.NDJSON).isProblem(429, "quota_exceeded", null);
            await().atMost(Duration.ofSeconds(8)).until(() -> api.get(path).status() == 200);
        }
        String other = user();
        Guarded.quota(hub, other, Kind.CONSUMED_BYTES, 50_000);
        StreamTopics.append(hub, topic, 4, 12_000);
        try (HttpApi api = presenting(Guarded.key(hub, other))) {
            long began = System.nanoTime();

            String lines = api.get(path + "&limit=12004", "Accept", HttpApi.NDJSON)
                    .hasStatus(200)
                    .text();

            assertThat(lines.lines()).hasSize(12_004);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1_000));
        }
    }

    @Test
    void newConnectionsCount() {
        String user = user();
        Guarded.quota(hub, user, Kind.CONNECTIONS, 2);
        String key = Guarded.key(hub, user);
        int refused = 0;
        for (int i = 0; i < 10; i++) {
            try (HttpApi fresh = presenting(key)) {
                // The same connection again costs nothing.
                int status = fresh.get("/v1/limits").status();
                assertThat(status).isIn(200, 429);
                assertThat(status == 200 ? fresh.get("/v1/limits").status() : 429)
                        .isEqualTo(status);
                refused += status == 429 ? 1 : 0;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aQuotaOfAllIsOneForEach() {
        String one = user();
        String other = user();
        String exempt = user();
        quota("User:*", "{\"requests_per_second\":1}").hasStatus(201);
        try {
            quota(exempt, "{\"requests_per_second\":1000}").hasStatus(201);
            String key = Guarded.key(hub, one);
            get(key).hasStatus(200);
            get(key).hasStatus(429);
            get(Guarded.key(hub, other)).hasStatus(200);
            String free = Guarded.key(hub, exempt);
            for (int i = 0; i < 5; i++) {
                get(free).hasStatus(200);
            }
        } finally {
            hub.bean(JdbcClient.class).sql("delete from millrace.quota").update();
        }
        String key = Guarded.key(hub, one);
        await().until(() -> get(key).status() == 200 && get(key).status() == 200);
    }

    @Test
    void theyAreListedReplacedAndRemoved() {
        String user = user();
        quota(user, "{\"requests_per_second\":10,\"produced_bytes_per_second\":20}")
                .hasStatus(201);
        quota(user, "{\"consumed_bytes_per_second\":1000000000}").hasStatus(204);

        JsonNode listed =
                admin.get("/v1/quotas?limit=1000").hasStatus(200).json().path("quotas");
        assertThat(listed.valueStream()
                        .filter(quota -> quota.path("principal").asString().equals(user))
                        .toList())
                .singleElement()
                .satisfies(quota -> {
                    assertThat(quota.path("requests_per_second").isNull()).isTrue();
                    assertThat(quota.path("produced_bytes_per_second").isNull()).isTrue();
                    assertThat(quota.path("consumed_bytes_per_second").asLong()).isEqualTo(1_000_000_000);
                    assertThat(quota.path("updated_by").asString()).isEqualTo(Guarded.ADMIN);
                });
        quota(user(), "{\"requests_per_second\":10}").hasStatus(201);
        JsonNode page = admin.get("/v1/quotas?limit=1").hasStatus(200).json();
        assertThat(page.path("quotas")).hasSize(1);
        assertThat(page.path("next").asString())
                .isEqualTo(page.path("quotas").path(0).path("principal").asString());

        admin.send("DELETE", "/v1/quotas/" + user, BodyPublishers.noBody()).hasStatus(204);
        admin.send("DELETE", "/v1/quotas/" + user, BodyPublishers.noBody()).isProblem(404, "unknown_quota", null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "User:a  | {'requests_per_second':0}            | #/requests_per_second",
                "User:a  | {'requests_per_second':-1}           | #/requests_per_second",
                "User:a  | {'connections_per_second':1000000001}| #/connections_per_second",
                "User:a  | {'produced_bytes_per_second':'1'}    | #/produced_bytes_per_second",
                "User:a  | {'consumed_bytes_per_second':1.5}    | #/consumed_bytes_per_second",
                "User:a  | {'requests':1}                       | #/requests",
                "User:a  | {}                                   |",
                "Group:a | {'requests_per_second':1}            | #/principal",
                "User:   | {'requests_per_second':1}            | #/principal",
                "a       | {'requests_per_second':1}            | #/principal",
            })
    void wrongQuotasAreRefused(String principal, String body, String pointer) {
        quota(principal, body.replace('\'', '"')).isProblem(400, "invalid_request", pointer);
    }

    private static String name() {
        return "q" + NAMES.incrementAndGet();
    }

    private static String user() {
        return "User:" + name();
    }

    private static Answer quota(String principal, String body) {
        return admin.sendAs("PUT", "/v1/quotas/" + principal, HttpApi.JSON, BodyPublishers.ofString(body));
    }

    private static Answer get(String key) {
        return plain.get("/v1/limits", "Authorization", "Bearer " + key);
    }

    /** What connects to the hub from now on presents this key. */
    private static HttpApi presenting(String key) {
        hub.present(key);
        return HttpApi.of(hub);
    }

    private static String produce(ProduceWay way, HttpApi api, Topic topic, int bytes) {
        try {
            Outcome outcome = way.produce(api, hub, topic.name(), "1", List.of(RECORD.formatted("x".repeat(bytes))));
            return outcome.code();
        } catch (RefusedException handshake) {
            return handshake.code();
        }
    }

    private static long records(Topic topic) {
        return hub.bean(JdbcClient.class)
                .sql("select sum(next_offset) from millrace.partition_bounds where topic = ?")
                .param(topic.name())
                .query(Long.class)
                .single();
    }
}
