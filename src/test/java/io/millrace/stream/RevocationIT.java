package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.access.Acl.RuleOperation;
import io.millrace.security.Permission.Resource;
import io.millrace.stream.sse.SseClient;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Streams that are open when their key is revoked or expires, or when rules change: they end within seconds, and get no
 * record that was stored after the node has heard of it. Changes are made on another node, or in SQL.
 */
class RevocationIT {

    private static final String READER = "User:reader";

    private static Hub hub;
    private static Hub other;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        // Looks are so rare that only notifications can be in time.
        hub = Guarded.start(database, "millrace.security.refresh-interval=1h");
        other = Guarded.start(database);
        hub.createTopic("news", 1);
        hub.createTopic("sport", 1);
        Guarded.allow(hub, READER, RuleOperation.READ, Resource.TOPIC, "news");
        Guarded.allow(hub, READER, RuleOperation.READ, Resource.TOPIC, "sport");
        Guarded.allow(hub, READER, RuleOperation.READ, Resource.GROUP, "*");
    }

    @AfterAll
    static void stop() {
        other.close();
        hub.close();
    }

    @Test
    void aWebSocketWhoseKeyIsRevokedIsClosedWith4401() {
        String key = present(READER);
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'a','topics':['news'],'credits':9}")
                    .next("assigned");

            Guarded.revoke(other, key);

            assertThat(client.closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void aWebSocketThatOnlyProducesIsClosedToo() {
        String key = present(READER);
        try (WsClient client = WsClient.connect(hub)) {
            Guarded.revoke(other, key);

            assertThat(client.closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void aWebSocketWhoseKeyExpiresIsClosed() {
        hub.present(Guarded.key(hub, READER, Duration.ofSeconds(2)));
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'a','topics':['news'],'credits':9}")
                    .next("assigned");

            assertThat(client.closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void aSubscriptionThatIsNoLongerAllowedEndsAndTheOthersGoOn() {
        present("User:narrowed");
        Guarded.allow(hub, "User:narrowed", RuleOperation.READ, Resource.TOPIC, "sport");
        long rule = Guarded.allow(hub, "User:narrowed", RuleOperation.READ, Resource.TOPIC, "news");
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'a','topics':['news'],'credits':9}")
                    .next("assigned");
            client.send("{'type':'subscribe','id':'b','topics':['sport'],'credits':9}")
                    .next("assigned");

            Guarded.remove(other, rule);

            JsonNode error = client.next("error");
            assertThat(error.path("problem").path("code").asString()).isEqualTo("forbidden");
            assertThat(error.path("id").asString()).isEqualTo("a");
            assertThat(client.next("revoked").path("id").asString()).isEqualTo("a");
            client.send("{'type':'subscribe','id':'c','topics':['sport'],'credits':9}")
                    .next("assigned");
        }
    }

    @Test
    void aWebSocketThatFollowsNothingElseIsClosedWith4403() {
        present("User:only");
        Guarded.allow(hub, "User:only", RuleOperation.READ, Resource.TOPIC, "news");
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'a','topics':['news'],'credits':9}")
                    .next("assigned");

            Guarded.deny(other, "User:only", RuleOperation.ALL, Resource.TOPIC, "*");

            assertThat(client.closeCode()).isEqualTo(4403);
        }
    }

    @Test
    void aMemberThatMayNoLongerReadTheGroupLeavesIt() {
        present("User:member");
        Guarded.allow(hub, "User:member", RuleOperation.READ, Resource.TOPIC, "news");
        Guarded.allow(hub, "User:member", RuleOperation.READ, Resource.GROUP, "left");
        try (WsClient client = WsClient.connect(hub)) {
            client.send("{'type':'subscribe','id':'a','group':'left','topics':['news'],'credits':9}")
                    .next("assigned");

            Guarded.deny(other, "User:member", RuleOperation.READ, Resource.GROUP, "left");

            assertThat(client.closeCode()).isEqualTo(4403);
        }
        present(READER);
        try (WsClient next = WsClient.connect(hub)) {
            next.send("{'type':'subscribe','id':'a','group':'left','topics':['news'],'credits':9}");
            JsonNode assigned = next.next("assigned");
            while (assigned.path("partitions").isEmpty()) {
                assigned = next.next("assigned");
            }
            assertThat(assigned.path("partitions")).hasSize(1);
        }
    }

    @Test
    void anEventStreamWhoseKeyIsRevokedEnds() throws Exception {
        String key = Guarded.key(hub, READER);
        try (SseClient client = SseClient.presenting(key, hub, "/v1/topics/news/stream")) {
            client.nextControl("assigned");

            Guarded.revoke(other, key);

            assertThat(problemAtTheEnd(client)).isEqualTo("unauthenticated");
        }
    }

    @Test
    void anEventStreamOfAGroupEndsWithItsRule() throws Exception {
        long rule = Guarded.allow(hub, "User:shut", RuleOperation.READ, Resource.GROUP, "shut");
        Guarded.allow(hub, "User:shut", RuleOperation.READ, Resource.TOPIC, "news");
        String key = Guarded.key(hub, "User:shut");
        try (SseClient client = SseClient.presenting(key, hub, "/v1/groups/shut/stream?topics=news")) {
            client.nextControl("assigned");

            Guarded.remove(other, rule);

            assertThat(problemAtTheEnd(client)).isEqualTo("forbidden");
        }
    }

    @Test
    void nothingIsDeliveredAfterTheNodeHasHeardOfIt() throws Exception {
        // Only the record wakes the stream.
        try (Hub unticked = Guarded.start("millrace.stream.tick=1h")) {
            Topic guarded = unticked.createTopic("news", 1);
            long rule = Guarded.allow(unticked, READER, RuleOperation.READ, Resource.TOPIC, "news");
            unticked.present(Guarded.key(unticked, READER));
            try (WsClient client = WsClient.connect(unticked)) {
                client.send("{'type':'subscribe','id':'a','topics':['news'],'credits':9}")
                        .next("assigned");
                Guarded.remove(unticked, rule);
                unticked.runLoop("access-catalogue");
                StreamTopics.appendTo(unticked, guarded, 0, 1);

                JsonNode error = client.next("error");

                assertThat(error.path("problem").path("code").asString()).isEqualTo("forbidden");
            }
        }
    }

    @Test
    void aLongPollOfAReaderThatHasLostItsPermissionIsRefused() throws Exception {
        Topic polled = hub.createTopic("polled", 1);
        long rule = Guarded.allow(hub, "User:poller", RuleOperation.READ, Resource.TOPIC, "polled");
        String key = Guarded.key(hub, "User:poller");
        try (HttpClient http = HttpClient.newHttpClient()) {
            var answer = http.sendAsync(
                    HttpRequest.newBuilder(hub.http("/v1/topics/polled/partitions/0/records?wait=20s&offset=0"))
                            .header("Authorization", "Bearer " + key)
                            .build(),
                    BodyHandlers.ofString());
            await().until(() ->
                    hub.bean(MeterRegistry.class).get("http.server.requests.active").longTaskTimers().stream()
                                    .mapToInt(LongTaskTimer::activeTasks)
                                    .sum()
                            > 0);
            Guarded.remove(other, rule);
            hub.runLoop("access-catalogue");
            StreamTopics.appendTo(hub, polled, 0, 1);

            assertThat(answer.join().statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aTicketOpensOneStreamWhichEndsWithTheKey() throws Exception {
        String key = Guarded.key(hub, READER);
        String ticket = ticket(key);
        // On another node than the one that made it.
        try (SseClient client = SseClient.connect(other, "/v1/topics/news/stream?ticket=" + ticket)) {
            client.nextControl("assigned");
            try (SseClient again = SseClient.connect(hub, "/v1/topics/news/stream?ticket=" + ticket)) {
                assertThat(again.status()).isEqualTo(401);
            }

            Guarded.revoke(hub, key);

            assertThat(problemAtTheEnd(client)).isEqualTo("unauthenticated");
        }
    }

    @Test
    void aTicketGivesNoMoreThanItsCallerHas() throws Exception {
        String ticket = ticket(Guarded.key(hub, "User:powerless"));

        try (SseClient client = SseClient.connect(hub, "/v1/topics/news/stream?ticket=" + ticket)) {
            assertThat(client.status()).isEqualTo(403);
        }
    }

    @Test
    void aTicketIsTakenForStreamsOnly() throws Exception {
        String ticket = ticket(Guarded.key(hub, READER));
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(
                                    HttpRequest.newBuilder(hub.http("/v1/topics?ticket=" + ticket))
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aTicketIsGoneAfterHalfAMinute() throws Exception {
        String ticket = ticket(Guarded.key(hub, READER));
        hub.bean(JdbcClient.class)
                .sql("update millrace.ticket set expires_at = expires_at - interval '30 s'")
                .update();

        try (SseClient client = SseClient.connect(hub, "/v1/topics/news/stream?ticket=" + ticket)) {
            assertThat(client.status()).isEqualTo(401);
        }
    }

    private static String ticket(String key) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String answer = http.send(
                            HttpRequest.newBuilder(hub.http("/v1/tickets"))
                                    .POST(BodyPublishers.noBody())
                                    .header("Authorization", "Bearer " + key)
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return JsonMapper.shared().readTree(answer).path("ticket").asString();
        }
    }

    private static String present(String principal) {
        String key = Guarded.key(hub, principal);
        hub.present(key);
        return key;
    }

    private static String problemAtTheEnd(SseClient client) throws IOException {
        JsonNode data = client.nextControl("error").data();
        return data.path("problem").path("code").asString();
    }
}
