package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.rest.ProduceWay.Outcome;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What all ways of producing promise, with the same error texts. */
class ProduceContractIT {

    private static final Set<ProduceWay> OF_JSON = EnumSet.complementOf(EnumSet.of(ProduceWay.WEBSOCKET_BINARY));
    private static final String GOOD = "{\"value\":1}";

    private static Hub hub;
    private static Hub other;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        // This node does not compare the topics in its memory with the database.
        hub = Hub.start(database);
        hub.stopLoop("topic-catalogue");
        other = Hub.start(database);
        api = HttpApi.of(hub);
        hub.createTopic("contract", 2);
    }

    @AfterAll
    static void stop() {
        api.close();
        other.close();
        hub.close();
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void acknowledgedRecordsAreStored(ProduceWay way) {
        long before = api.count("contract");

        assertThat(produce(way, "contract", "1", GOOD, GOOD)).isEqualTo(Outcome.STORED);

        assertThat(api.count("contract")).isEqualTo(before + 2);
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void recordsWithoutAcksAreStoredToo(ProduceWay way) {
        long before = api.count("contract");

        assertThat(produce(way, "contract", "0", GOOD)).isEqualTo(Outcome.STORED);

        await().untilAsserted(() -> assertThat(api.count("contract")).isEqualTo(before + 1));
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void acksAllWithoutAStandbyIsRefused(ProduceWay way) {
        long before = api.count("contract");

        assertThat(produce(way, "contract", "all", GOOD))
                .isEqualTo(new Outcome(
                        "not_enough_replicas",
                        "",
                        "1 of 2 servers are in sync, the primary included; nothing was stored"));

        assertThat(api.count("contract")).isEqualTo(before);
    }

    static Stream<Arguments> badRecords() {
        return BadRecords.fields().flatMap(bad -> OF_JSON.stream().map(way -> Arguments.of(bad.name(), way, bad)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void badRecords(String name, ProduceWay way, BadRequest bad) {
        long before = api.count("contract");
        String record = new String(bad.body(), StandardCharsets.UTF_8)
                .replaceFirst("^\\{\"records\":\\[\\{\"value\":1},", "")
                .replaceFirst("]}$", "");

        Outcome outcome = produce(way, "contract", "1", record);

        assertThat(outcome.code()).isEqualTo(bad.code());
        assertThat(outcome.place()).isEqualTo(String.valueOf(bad.pointer()).replace("/records/1", "/records/0"));
        assertThat(api.count("contract")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void aRecordThatIsTooLargeForTheTopicIsRefused(ProduceWay way) {
        String topic = "small-" + way.ordinal();
        hub.createTopic(topic, 1);
        api.patch("/v1/topics/" + topic, "{\"config\":{\"max_record_bytes\":1000}}")
                .hasStatus(200);

        assertThat(produce(way, topic, "1", "{\"value\":\"" + "x".repeat(1998) + "\"}"))
                .isEqualTo(new Outcome(
                        "record_too_large", "#/records/0", "the record has 2000 bytes, at most 1000 are allowed"));
        assertThat(produce(way, topic, "1", "{\"value\":\"" + "x".repeat(998) + "\"}"))
                .isEqualTo(Outcome.STORED);

        assertThat(api.count(topic)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void aRecordWithoutAKeyIsRefusedIfTheTopicIsCompacted(ProduceWay way) {
        String topic = "compacted-" + way.ordinal();
        hub.createTopic(topic, 1);
        api.patch("/v1/topics/" + topic, "{\"config\":{\"cleanup_policy\":\"compact,delete\"}}")
                .hasStatus(200);

        assertThat(produce(way, topic, "1", "{\"value\":1}"))
                .isEqualTo(new Outcome(
                        "invalid_record",
                        "#/records/0/key",
                        "the topic is compacted: each of its records needs a key"));
        assertThat(api.count(topic)).isZero();
        if (way != ProduceWay.WEBSOCKET_BINARY) { // sends no keys here
            assertThat(produce(way, topic, "1", "{\"key\":\"k\",\"value\":1}")).isEqualTo(Outcome.STORED);
        }
    }

    @Test
    void aBodyThatIsAValueNeedsItsKeyInAHeaderIfTheTopicIsCompacted() {
        String path = api.topic("compacted-values", 1);
        api.patch("/v1/topics/compacted-values", "{\"config\":{\"cleanup_policy\":\"compact\"}}")
                .hasStatus(200);

        api.post(path, "text/plain", "x").isProblem(400, "invalid_record", "Hub-Key");
        assertThat(api.count("compacted-values")).isZero();
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void anUnknownPartitionIsRefused(ProduceWay way) {
        long before = api.count("contract");

        assertThat(produce(way, "contract", "1", "{\"partition\":2,\"value\":1}"))
                .isEqualTo(new Outcome(
                        "unknown_partition", "#/records/0/partition", "topic contract has partitions 0 to 1, not 2"));

        assertThat(api.count("contract")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void anUnknownTopicIsRefused(ProduceWay way) {
        assertThat(produce(way, "nowhere", "1", GOOD).code()).isEqualTo("unknown_topic");
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void aTopicThatAnotherNodeHasDeletedIsForgotten(ProduceWay way) {
        String topic = "renewed-" + way.ordinal();
        renewOnTheOtherNode(way, topic);

        assertThat(produce(way, topic, "1", GOOD).code()).isEqualTo("unknown_topic");
        assertThat(produce(way, topic, "1", GOOD)).isEqualTo(Outcome.STORED);
        assertThat(api.count(topic)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void aTopicThatAnotherNodeHasDeletedIsForgottenWithoutAcksToo(ProduceWay way) {
        String topic = "renewed-unseen-" + way.ordinal();
        renewOnTheOtherNode(way, topic);

        assertThat(produce(way, topic, "0", GOOD)).isEqualTo(Outcome.STORED);

        await().untilAsserted(() -> assertThat(produce(way, topic, "1", GOOD)).isEqualTo(Outcome.STORED));
    }

    /** The node has a topic in its memory that the other node has deleted and created again. */
    private static void renewOnTheOtherNode(ProduceWay way, String topic) {
        hub.createTopic(topic, 1);
        assertThat(produce(way, topic, "1", GOOD)).isEqualTo(Outcome.STORED);
        other.bean(Topics.class).delete(topic, _ -> true);
        other.createTopic(topic, 1);
    }

    private static Outcome produce(ProduceWay way, String topic, String acks, String... records) {
        return way.produce(api, hub, topic, acks, List.of(records));
    }
}
