package io.millrace.rest;

import static io.millrace.rest.HttpApi.elements;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stream.sse.SseClient;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Readers of records that are being deleted are told, on the node that deletes and on another. */
@Timeout(120)
class ExpiredOffsetIT {

    private static final Duration NOTICED = Duration.ofSeconds(1);

    /** Where readers are. */
    enum Node {
        DELETING,
        OTHER;

        Hub hub() {
            return this == DELETING ? deleting : other;
        }

        HttpApi api() {
            return apis.get(ordinal());
        }

        String topic(String name) {
            return name + "-" + ordinal();
        }
    }

    private static Hub deleting;
    private static Hub other;
    private static List<HttpApi> apis;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        deleting = Hub.start(database);
        other = Hub.start(database);
        apis = List.of(HttpApi.of(deleting), HttpApi.of(other));
    }

    @AfterAll
    static void stop() {
        apis.forEach(HttpApi::close);
        other.close();
        deleting.close();
    }

    @ParameterizedTest
    @EnumSource
    void aReadIsRefusedThoughTheNodeHasTheRecordsInMemory(Node node) {
        String topic = node.topic("read");
        deleting.createTopic(topic, 1);
        try (WsClient live = WsClient.connect(node.hub())) {
            live.send("{'type':'subscribe','id':'s','topics':['" + topic + "'],'from':'earliest','credits':100}")
                    .next("assigned");
            produce(topic, "a", "b", "c", "d");
            live.next("records");
            String path = "/v1/topics/" + topic + "/partitions/0/records?offset=1";
            node.api().get(path).hasStatus(200);

            deleteBefore(topic, 3);

            await().atMost(NOTICED).untilAsserted(() -> {
                JsonNode expired = node.api().get(path).isProblem(410, "offset_expired", null);
                assertThat(expired.path("earliest_offset").asInt()).isEqualTo(3);
            });
            assertThat(node.api().records(topic, 0))
                    .extracting(record -> record.path("offset").asInt())
                    .containsExactly(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSubscriptionIsResetThoughItMayTakeNothing(Node node) {
        String topic = node.topic("socket");
        deleting.createTopic(topic, 1);
        produce(topic, "a", "b", "c", "d", "e");
        try (WsClient client = WsClient.connect(node.hub())) {
            client.send("{'type':'subscribe','id':'s','topic':'" + topic
                            + "','partitions':[{'partition':0,'next_offset':0}],'credits':2}")
                    .next("assigned");
            assertThat(offsets(client.next("records"))).containsExactly(0, 1);

            long begun = System.nanoTime();
            deleteBefore(topic, 4);
            JsonNode reset = client.next("reset");

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(NOTICED);
            assertThat(reset.path("requested").asInt()).isEqualTo(2);
            assertThat(reset.path("next_offset").asInt()).isEqualTo(4);
            client.send("{'type':'permit','id':'s','records':10}");
            assertThat(offsets(client.next("records"))).containsExactly(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEventStreamThatIsResumedIsReset(Node node) throws Exception {
        String topic = node.topic("events");
        deleting.createTopic(topic, 1);
        produce(topic, "a", "b", "c", "d", "e");
        String second;
        String path = "/v1/topics/" + topic + "/stream";
        try (SseClient client = SseClient.connect(node.hub(), path + "?from=earliest")) {
            client.nextControl("assigned");
            client.nextRecord();
            second = client.nextRecord().lastId();
        }
        deleteBefore(topic, 4);

        try (SseClient client = SseClient.connect(node.hub(), path + "?cursor=" + second)) {
            client.nextControl("assigned");
            JsonNode reset = client.nextControl("reset").data();

            assertThat(reset.path("reason").asString()).isEqualTo("offset_expired");
            assertThat(elements(reset.path("partitions")))
                    .extracting(partition -> partition.path("next_offset").asInt())
                    .containsExactly(4);
            assertThat(client.nextRecord().data().path("offset").asInt()).isEqualTo(4);
        }
        try (SseClient client = SseClient.connect(node.hub(), path + "?on_gap=fail&cursor=" + second)) {
            assertThat(client.status()).isEqualTo(410);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMemberThatReadsByRequestsGoesOnAtTheStart(Node node) {
        String topic = node.topic("member");
        deleting.createTopic(topic, 1);
        produce(topic, "a", "b", "c", "d", "e");
        GroupMember member = GroupMember.join(List.of(node.api()), topic, topic, ",\"from\":\"earliest\"");
        commit(member, topic, 2);

        deleteBefore(topic, 4);

        await().atMost(NOTICED).untilAsserted(() -> {
            JsonNode read =
                    member.read("").hasStatus(200).json().path("partitions").path(0);
            assertThat(read.path("reset").toString()).isEqualTo("{\"requested\":2,\"reason\":\"offset_expired\"}");
            assertThat(offsets(read)).containsExactly(4);
            assertThat(read.path("next_offset").asInt()).isEqualTo(5);
        });
        commit(member, topic, 5);
        assertThat(member.read("").hasStatus(200).json().path("partitions").toString())
                .isEqualTo("[]");
    }

    @ParameterizedTest
    @EnumSource
    void aMemberOfAGroupThatWasAwayGoesOnAtTheStart(Node node) {
        String topic = node.topic("group");
        deleting.createTopic(topic, 1);
        produce(topic, "a", "b", "c", "d", "e");
        GroupMember before = GroupMember.join(List.of(node.api()), topic, topic, ",\"from\":\"earliest\"");
        commit(before, topic, 2);
        before.leave().hasStatus(204);
        deleteBefore(topic, 4);

        try (WsClient client = WsClient.connect(node.hub())) {
            client.send("{'type':'subscribe','id':'s','group':'" + topic + "','topics':['" + topic + "'],'credits':9}");
            JsonNode assigned = client.next("assigned");
            if (assigned.path("partitions").isEmpty()) {
                client.next("assigned");
            }
            JsonNode reset = client.next("reset");

            assertThat(reset.path("requested").asInt()).isEqualTo(2);
            assertThat(reset.path("next_offset").asInt()).isEqualTo(4);
            assertThat(offsets(client.next("records"))).containsExactly(4);
        }
        JsonNode lag = node.api()
                .get("/v1/groups/" + topic + "/offsets")
                .hasStatus(200)
                .json();
        assertThat(lag.path("offsets").path(0).path("lag").asInt(-1))
                .as("%s", lag)
                .isEqualTo(1);
    }

    private static void produce(String topic, String... values) {
        apis.getFirst().produce(topic, 0, values);
    }

    private static void commit(GroupMember member, String topic, int nextOffset) {
        member.commit(topic, 0, nextOffset).hasStatus(200);
    }

    private static void deleteBefore(String topic, int offset) {
        apis.getFirst()
                .send(
                        "DELETE",
                        "/v1/topics/" + topic + "/partitions/0/records?before=" + offset,
                        BodyPublishers.noBody())
                .hasStatus(200);
    }

    private static List<Integer> offsets(JsonNode withRecords) {
        return elements(withRecords.path("records")).stream()
                .map(record -> record.path("offset").asInt())
                .toList();
    }
}
