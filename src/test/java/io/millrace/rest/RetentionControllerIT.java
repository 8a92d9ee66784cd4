package io.millrace.rest;

import static io.millrace.rest.HttpApi.JSON;
import static io.millrace.rest.HttpApi.elements;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.docs.OperationsPage;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.Topics;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What has expired is shown, and records are deleted, on a hub that is cleaned when the test says so. */
@Timeout(120)
class RetentionControllerIT {

    private static final String HOUR_OLD = "?retention_ms=3600000";

    private static TestDatabase database;
    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        database = TestPostgres.newDatabase();
        hub = Hub.start(database, "millrace.retention.check-interval=1d", "millrace.segment.check-interval=1d");
        hub.stopLoop("segment-cleaner");
        hub.stopLoop("segment-roller");
        api = HttpApi.of(hub);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @Test
    void recordsBeforeAnOffsetAreDeleted() {
        api.topic("deleted", 2);
        api.produce("deleted", 1, "a", "b", "c", "d");

        Answer deleted = delete("deleted", 1, "before=3").hasStatus(200);

        assertThat(deleted.text()).isEqualTo("{\"topic\":\"deleted\",\"partition\":1,\"start_offset\":3}");
        assertThat(deleted.header("content-type")).isEqualTo(JSON);
        JsonNode expired =
                api.get("/v1/topics/deleted/partitions/1/records?offset=2").isProblem(410, "offset_expired", null);
        assertThat(expired.path("earliest_offset").asInt()).isEqualTo(3);
        assertThat(api.records("deleted", 1))
                .extracting(record -> record.path("value").asString())
                .containsExactly("d");
        assertThat(partition("deleted", 1).path("start_offset").asInt()).isEqualTo(3);
    }

    @Test
    void deletingBeforeTheStartChangesNothing() {
        api.topic("earlier", 1);
        api.produce("earlier", 0, "a", "b", "c");
        delete("earlier", 0, "before=2").hasStatus(200);

        for (String before : List.of("before=0", "before=1", "before=2")) {
            Answer again = delete("earlier", 0, before).hasStatus(200);
            assertThat(again.json().path("start_offset").asInt()).isEqualTo(2);
        }
    }

    @Test
    void recordsAreDeletedUpToTheHighWatermarkAndNoFurther() {
        api.topic("all", 1);
        api.produce("all", 0, "a", "b");

        JsonNode beyond = delete("all", 0, "before=3").isProblem(416, "offset_beyond_end", "?before");
        assertThat(beyond.path("next_offset").asInt()).isEqualTo(2);
        assertThat(partition("all", 0).path("start_offset").asInt()).isZero();

        assertThat(delete("all", 0, "before=2")
                        .hasStatus(200)
                        .json()
                        .path("start_offset")
                        .asInt())
                .isEqualTo(2);
        assertThat(api.records("all", 0)).isEmpty();
        api.produce("all", 0, "c");
        assertThat(api.records("all", 0))
                .extracting(record -> record.path("offset").asInt())
                .containsExactly(2);
    }

    @Test
    void recordsOfATopicThatIsOnlyCompactedAreNotDeleted() {
        topic("compacted", TopicConfig.DEFAULTS);
        api.produce("compacted", 0, "a", "b");
        api.patch("/v1/topics/compacted", "{\"config\":{\"cleanup_policy\":\"compact\"}}")
                .hasStatus(200);

        delete("compacted", 0, "before=1").isProblem(409, "policy_violation", null);

        assertThat(api.records("compacted", 0)).hasSize(2);
        api.patch("/v1/topics/compacted", "{\"config\":{\"cleanup_policy\":\"compact,delete\"}}")
                .hasStatus(200);
        delete("compacted", 0, "before=1").hasStatus(200);
    }

    @Test
    void aPartitionOfWhichEverythingHasExpiredShowsNothing() throws Exception {
        api.topic("expired", 2);
        produceAt("expired", 1, 1_000);
        roll();
        produceAt("expired", 1, 2_000);
        assertThat(partition("expired", 1).path("oldest_timestamp").asLong()).isEqualTo(1_000);

        clean();

        assertThat(api.get("/v1/topics/expired").json().path("partitions").toString())
                .isEqualTo("[{\"partition\":0,\"start_offset\":0,\"high_watermark\":0,\"next_offset\":0,"
                        + "\"size_bytes\":0,\"segments\":0,\"oldest_timestamp\":null},"
                        + "{\"partition\":1,\"start_offset\":2,\"high_watermark\":2,\"next_offset\":2,"
                        + "\"size_bytes\":0,\"segments\":0,\"oldest_timestamp\":null}]");
    }

    @Test
    void sizesCountWhatIsLiveInHowManySegments() throws Exception {
        topic("kept", TopicConfig.DEFAULTS.withRetentionMs(TopicConfig.UNLIMITED));
        produceAt("kept", 0, 1_000);
        roll();
        produceAt("kept", 0, 3_000);
        produceAt("kept", 0, 2_000);
        clean();
        assertThat(partition("kept", 0).toString())
                .isEqualTo("{\"partition\":0,\"start_offset\":0,\"high_watermark\":3,\"next_offset\":3,"
                        + "\"size_bytes\":30,\"segments\":2,\"oldest_timestamp\":1000}");

        delete("kept", 0, "before=1").hasStatus(200);
        assertThat(partition("kept", 0).path("oldest_timestamp").asLong()).isEqualTo(3_000);
        clean();

        assertThat(partition("kept", 0).path("size_bytes").asInt()).isEqualTo(20);
        assertThat(partition("kept", 0).path("segments").asInt()).isEqualTo(1);
        assertThat(api.patch("/v1/topics/kept", "{}").hasStatus(200).text())
                .isEqualTo(api.get("/v1/topics/kept").hasStatus(200).text());
    }

    @Test
    void whatWouldGoIsShownAndStays() throws Exception {
        topic("previewed", TopicConfig.DEFAULTS.withRetentionMs(TopicConfig.UNLIMITED));
        produceAt("previewed", 0, hoursAgo(3));
        produceAt("previewed", 0, hoursAgo(2));
        produceAt("previewed", 0, hoursAgo(0));
        clean();

        JsonNode shown = preview("previewed", "");

        assertThat(shown.propertyNames())
                .containsExactly("topic", "retention_ms", "retention_bytes", "cleanup_policy", "partitions", "cleaner");
        assertThat(shown.path("retention_ms").asLong()).isEqualTo(-1);
        assertThat(shown.path("partitions").toString()).isEqualTo("[" + kept(0, 0) + "]");
        JsonNode tried = api.get("/v1/topics/previewed/retention" + HOUR_OLD)
                .hasStatus(200)
                .json();
        assertThat(tried.path("retention_ms").asLong()).isEqualTo(3_600_000);
        assertThat(tried.path("partitions").toString()).isEqualTo("[" + kept(2, 20) + "]");
        clean();
        assertThat(api.records("previewed", 0)).hasSize(3);
    }

    @Test
    void whatCompactionHasNotSeenYetIsShown() throws Exception {
        topic("uncompacted", TopicConfig.DEFAULTS);
        produceAt("uncompacted", 0, hoursAgo(0));
        roll();
        clean();
        produceAt("uncompacted", 0, hoursAgo(0));
        clean();

        String compacted = "?cleanup_policy=compact";
        assertThat(uncompacted("")).isNull();
        assertThat(uncompacted(compacted)).isEqualTo(20);
        api.patch("/v1/topics/uncompacted", "{\"config\":{\"cleanup_policy\":\"compact\"}}")
                .hasStatus(200);
        clean();
        assertThat(uncompacted("")).as("of the newest segment").isEqualTo(10);
    }

    private static @Nullable Integer uncompacted(String query) {
        JsonNode bytes =
                preview("uncompacted", query).path("partitions").path(0).path("uncompacted_bytes");
        return bytes.isNull() ? null : bytes.asInt();
    }

    @Test
    void eachSettingCanBeTried() throws Exception {
        topic("tried", TopicConfig.DEFAULTS.withRetentionMs(TopicConfig.UNLIMITED));
        produceAt("tried", 0, hoursAgo(3));
        produceAt("tried", 0, hoursAgo(2));
        produceAt("tried", 0, hoursAgo(0));
        clean();
        Map<String, Integer> expired = Map.of(
                "?retention_bytes=10",
                20,
                "?retention_bytes=11",
                10,
                HOUR_OLD + "&retention_bytes=20",
                20,
                HOUR_OLD + "&cleanup_policy=compact,delete",
                20,
                HOUR_OLD + "&cleanup_policy=compact",
                0,
                "?retention_ms=-1&retention_bytes=-1",
                0);

        expired.forEach((query, bytes) -> assertThat(preview("tried", query)
                        .path("partitions")
                        .path(0)
                        .path("expired_bytes")
                        .asInt())
                .as(query)
                .isEqualTo(bytes));
    }

    @Test
    void aWrongSettingIsRefusedAsInAChangeOfTheTopic() {
        api.topic("wrong", 1);
        for (String[] setting : new String[][] {
            {"retention_ms", "0"},
            {"retention_bytes", "-2"},
            {"retention_ms", "9007199254740992"},
            {"cleanup_policy", "purge"}
        }) {
            String value = setting[0].equals("cleanup_policy") ? "\"" + setting[1] + "\"" : setting[1];
            JsonNode changed = api.patch("/v1/topics/wrong", "{\"config\":{\"" + setting[0] + "\":" + value + "}}")
                    .isProblem(400, "invalid_config", "#/config/" + setting[0]);

            JsonNode tried = api.get("/v1/topics/wrong/retention?" + setting[0] + "=" + setting[1])
                    .isProblem(400, "invalid_config", "?" + setting[0]);

            assertThat(tried.path("detail")).isEqualTo(changed.path("detail"));
        }
    }

    @Test
    void whatTheCleanerHasDoneAndWaitsForIsShown() throws Exception {
        for (String other : api.get("/v1/topics").json().path("topics").findValuesAsString("name")) {
            hub.bean(Topics.class).delete(other, _ -> true);
        }
        api.topic("freed", 1);
        api.produce("freed", 0, "a", "b");
        try (Connection report = connection("nightly-report")) {
            try (Statement statement = report.createStatement()) {
                statement.execute("select count(*) from millrace.record");
            }
            delete("freed", 0, "before=2").hasStatus(200);
            roll();
            clean();

            JsonNode waiting = preview("freed", "").path("cleaner");

            assertThat(waiting.path("waits_for").asString())
                    .matches("a transaction that has been open for \\d+ s: nightly-report, pid \\d+");
            assertThat(waiting.path("backlog_bytes").asLong()).isPositive();
            report.rollback();
        }
        Instant before = Instant.parse(
                preview("freed", "").path("cleaner").path("last_run").asString());
        long freed = preview("freed", "").path("cleaner").path("segments_freed").asLong();
        clean();

        JsonNode done = preview("freed", "").path("cleaner");

        assertThat(done.path("waits_for").isNull()).isTrue();
        assertThat(Instant.parse(done.path("last_run").asString())).isAfter(before);
        assertThat(done.path("segments_freed").asLong()).isGreaterThan(freed);
        assertThat(done.path("bytes_freed").asLong()).isPositive();
        assertThat(done.path("backlog_bytes").asLong()).isZero();
    }

    @Test
    void theOperatorsGuideShowsAnswersWithTheSameFields() throws Exception {
        api.topic("guide", 1);
        api.produce("guide", 0, "a");
        JsonNode retention = preview("guide", "");

        List<JsonNode> printed = OperationsPage.read().blocks("json").stream()
                .map(JsonMapper.shared()::readTree)
                .toList();

        assertThat(printed.stream().map(RetentionControllerIT::fields))
                .containsExactly(
                        fields(partition("guide", 0)),
                        fields(retention),
                        fields(delete("guide", 0, "before=1").json()),
                        fields(api.send("DELETE", "/v1/topics/guide/keys/k", BodyPublishers.noBody())
                                .json()),
                        fields(retention.path("cleaner")));
    }

    /** The names of an answer's fields, in their order; objects and the first elements of arrays with theirs. */
    private static String fields(JsonNode node) {
        return node.propertyStream()
                .map(field -> field.getKey() + (field.getValue().isContainer() ? fields(first(field.getValue())) : ""))
                .toList()
                .toString();
    }

    private static JsonNode first(JsonNode node) {
        return node.isArray() ? node.path(0) : node;
    }

    private static String kept(int from, int expiredBytes) {
        return "{\"partition\":0,\"start_offset\":0,\"kept_from\":" + from + ",\"next_offset\":3,\"size_bytes\":30,"
                + "\"expired_bytes\":" + expiredBytes + ",\"uncompacted_bytes\":null}";
    }

    private static long hoursAgo(int hours) {
        return Instant.now().minus(Duration.ofHours(hours)).toEpochMilli();
    }

    private static Answer delete(String topic, int partition, String query) {
        return api.send(
                "DELETE",
                "/v1/topics/" + topic + "/partitions/" + partition + "/records?" + query,
                BodyPublishers.noBody());
    }

    private static JsonNode preview(String topic, String query) {
        return api.get("/v1/topics/" + topic + "/retention" + query)
                .hasStatus(200)
                .json();
    }

    private static JsonNode partition(String topic, int partition) {
        return elements(api.get("/v1/topics/" + topic).hasStatus(200).json().path("partitions"))
                .get(partition);
    }

    private static void topic(String name, TopicConfig config) {
        hub.bean(Topics.class).create(name, 1, config);
    }

    /** One batch of one record of ten bytes. */
    private static void produceAt(String topic, int partition, long timestamp) {
        String record = "{\"partition\":" + partition + ",\"timestamp\":" + timestamp + ",\"value\":\"12345678\"}";
        api.post("/v1/topics/" + topic + "/records", JSON, "{\"records\":[" + record + "]}")
                .hasStatus(200);
    }

    private static void clean() throws Exception {
        hub.runLoop("segment-cleaner");
    }

    private static void roll() throws Exception {
        hub.bean(JdbcClient.class)
                .sql("update millrace.segment set roll_early = true where state = 'open'")
                .update();
        hub.runLoop("segment-roller");
    }

    /** In a transaction with one snapshot. */
    private static Connection connection(String name) throws Exception {
        Connection connection = DriverManager.getConnection(
                database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + "ApplicationName=" + name,
                database.username(),
                database.password());
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return connection;
    }
}
