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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
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

    /** What a member asks for when it joins a group that has read up to offset 1, in a partition from 2 to 5. */
    enum From {
        EARLIEST("earliest", 2, 1),
        TIMESTAMP("3500", 4, 1),
        LATEST("latest", 6, 6),
        COMMITTED("committed", 6, 6);

        private final String text;

        /** Where the member goes on. */
        private final int nextOffset;

        /** What the hub has stored for the group by then. */
        private final int committed;

        From(String text, int nextOffset, int committed) {
            this.text = text;
            this.nextOffset = nextOffset;
            this.committed = committed;
        }

        String topic(Node node, String name) {
            return node.topic(name) + "-" + text;
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
            assertThat(read.path("reset").toString())
                    .isEqualTo("{\"requested\":2,\"next_offset\":4,\"reason\":\"offset_expired\"}");
            assertThat(offsets(read)).containsExactly(4);
            assertThat(read.path("next_offset").asInt()).isEqualTo(5);
        });
        commit(member, topic, 5);
        assertThat(member.read("").hasStatus(200).json().path("partitions").toString())
                .isEqualTo("[]");
    }

    @ParameterizedTest
    @MethodSource("joins")
    void aWebSocketMemberGoesOnWhereItsFromSays(Node node, From from) {
        String topic = from.topic(node, "ws-from");
        leaveWithAnExpiredOffset(topic);

        try (WsClient client = WsClient.connect(node.hub())) {
            client.send("{'type':'subscribe','id':'s','group':'" + topic + "','topics':['" + topic + "'],'from':'"
                    + from.text + "','credits':9}");
            if (client.next("assigned").path("partitions").isEmpty()) {
                client.next("assigned");
            }
            JsonNode reset = client.next("reset");

            assertThat(reset.path("requested").asInt()).isEqualTo(1);
            assertThat(reset.path("next_offset").asInt()).isEqualTo(from.nextOffset);
            assertThat(reset.path("reason").asString()).isEqualTo("offset_expired");
            assertThat(committed(node, topic)).isEqualTo(from.committed);
            produce(topic, "g");
            assertThat(offsets(client.next("records"))).startsWith(from.nextOffset);
        }
    }

    @ParameterizedTest
    @MethodSource("joins")
    void anEventStreamOfAMemberGoesOnWhereItsFromSays(Node node, From from) throws Exception {
        String topic = from.topic(node, "sse-from");
        leaveWithAnExpiredOffset(topic);

        String path = "/v1/groups/" + topic + "/stream?topics=" + topic + "&from=" + from.text;
        try (SseClient client = SseClient.connect(node.hub(), path)) {
            if (client.nextControl("assigned").data().path("partitions").isEmpty()) {
                client.nextControl("assigned");
            }
            JsonNode reset = client.nextControl("reset").data();

            assertThat(reset.path("reason").asString()).isEqualTo("offset_expired");
            JsonNode partition = reset.path("partitions").path(0);
            assertThat(partition.path("requested").asInt()).isEqualTo(1);
            assertThat(partition.path("next_offset").asInt()).isEqualTo(from.nextOffset);
            assertThat(committed(node, topic)).isEqualTo(from.committed);
            produce(topic, "g");
            assertThat(client.nextRecord().data().path("offset").asInt()).isEqualTo(from.nextOffset);
        }
    }

    @ParameterizedTest
    @MethodSource("joins")
    void aMemberThatReadsByRequestsGoesOnWhereItsFromSays(Node node, From from) {
        String topic = from.topic(node, "poll-from");
        leaveWithAnExpiredOffset(topic);
        GroupMember member = GroupMember.join(List.of(node.api()), topic, topic, ",\"from\":\"" + from.text + "\"");

        JsonNode read = member.read("").hasStatus(200).json().path("partitions").path(0);

        assertThat(read.path("reset").toString())
                .isEqualTo("{\"requested\":1,\"next_offset\":" + from.nextOffset + ",\"reason\":\"offset_expired\"}");
        assertThat(offsets(read))
                .isEqualTo(IntStream.range(from.nextOffset, 6).boxed().toList());
        assertThat(read.path("high_watermark").asInt()).isEqualTo(6);
        assertThat(committed(node, topic)).isEqualTo(from.committed);
        // Without a cursor, from where the group stands: the record that came between two reads is not skipped.
        produce(topic, "g");
        JsonNode next = member.read("").hasStatus(200).json().path("partitions").path(0);
        assertThat(offsets(next)).startsWith(from.nextOffset).endsWith(6);
    }

    @ParameterizedTest
    @MethodSource("joins")
    void aMemberWhoseNextRecordExpiresWhileItReadsGoesOnWhereItsFromSays(Node node, From from) {
        String topic = from.topic(node, "overtaken");
        deleting.createTopic(topic, 1);
        GroupMember.join(List.of(node.api()), topic, topic, ",\"from\":\"earliest\"")
                .leave()
                .hasStatus(204);
        produceSix(topic);
        try (WsClient client = WsClient.connect(node.hub())) {
            client.send("{'type':'subscribe','id':'s','group':'" + topic + "','topics':['" + topic + "'],'from':'"
                            + from.text + "','credits':1}")
                    .next("assigned");
            assertThat(offsets(client.next("records"))).containsExactly(0);

            deleteBefore(topic, 2);
            JsonNode reset = client.next("reset");

            assertThat(reset.path("requested").asInt()).isEqualTo(1);
            assertThat(reset.path("next_offset").asInt()).isEqualTo(from.nextOffset);
            client.send("{'type':'permit','id':'s','records':9}");
            produce(topic, "g");
            assertThat(offsets(client.next("records"))).startsWith(from.nextOffset);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMemberThatSeeksAnExpiredOffsetGoesOnAtTheStart(Node node) {
        String topic = node.topic("sought");
        deleting.createTopic(topic, 1);
        produceSix(topic);
        deleteBefore(topic, 2);
        try (WsClient client = WsClient.connect(node.hub())) {
            client.send("{'type':'subscribe','id':'s','group':'" + topic + "','topics':['" + topic
                            + "'],'from':'latest','credits':9}")
                    .next("assigned");
            client.send("{'type':'seek','id':'s','partitions':[{'partition':0,'next_offset':0}]}")
                    .next("assigned");

            assertThat(client.next("reset").path("next_offset").asInt()).isEqualTo(2);
            assertThat(offsets(client.next("records"))).containsExactly(2, 3, 4, 5);
            assertThat(committed(node, topic)).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExpiredCursorDoesNotMoveAGroupThatIsFurtherOn(Node node) {
        String topic = node.topic("cursor");
        deleting.createTopic(topic, 1);
        GroupMember member = GroupMember.join(List.of(node.api()), topic, topic, ",\"from\":\"latest\"");
        produceSix(topic);
        String old =
                member.read("?limit=1").hasStatus(200).json().path("cursor").asString();
        commit(member, topic, 3);
        deleteBefore(topic, 2);

        JsonNode read = member.read("?cursor=" + old).hasStatus(200).json();
        assertThat(read.path("partitions")
                        .path(0)
                        .path("reset")
                        .path("next_offset")
                        .asInt())
                .isEqualTo(6);

        assertThat(committed(node, topic)).isEqualTo(3);
        assertThat(offsets(
                        member.read("").hasStatus(200).json().path("partitions").path(0)))
                .containsExactly(3, 4, 5);
    }

    private static Stream<Arguments> joins() {
        return Stream.of(Node.values()).flatMap(node -> Stream.of(From.values()).map(from -> Arguments.of(node, from)));
    }

    /** A group whose members have read one record of six, of which two are deleted then. */
    private static void leaveWithAnExpiredOffset(String topic) {
        deleting.createTopic(topic, 1);
        produceSix(topic);
        GroupMember before = GroupMember.join(apis, topic, topic, ",\"from\":\"earliest\"");
        commit(before, topic, 1);
        before.leave().hasStatus(204);
        deleteBefore(topic, 2);
    }

    /** At the offsets 0 to 5, with the timestamps 0 to 5000. */
    private static void produceSix(String topic) {
        String records = IntStream.range(0, 6)
                .mapToObj(i -> "{\"value\":" + i + ",\"timestamp\":" + 1000 * i + "}")
                .collect(Collectors.joining(","));
        apis.getFirst()
                .post("/v1/topics/" + topic + "/records", HttpApi.JSON, "{\"records\":[" + records + "]}")
                .hasStatus(200);
    }

    private static int committed(Node node, String group) {
        return node.api()
                .get("/v1/groups/" + group + "/offsets")
                .hasStatus(200)
                .json()
                .path("offsets")
                .path(0)
                .path("next_offset")
                .asInt(-1);
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
