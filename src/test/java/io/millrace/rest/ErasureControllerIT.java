package io.millrace.rest;

import static io.millrace.rest.HttpApi.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Keys are erased through one of two hubs, which are cleaned when the test says so. */
@Timeout(120)
class ErasureControllerIT {

    private static final String[] BY_HAND = {
        "millrace.retention.check-interval=1d", "millrace.segment.check-interval=1d"
    };

    private static Hub hub;
    private static Hub second;
    private static HttpApi api;
    private static HttpApi other;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        hub = Hub.start(database, BY_HAND);
        second = Hub.start(database, BY_HAND);
        hub.stopLoop("segment-cleaner");
        hub.stopLoop("segment-roller");
        api = HttpApi.of(hub);
        other = HttpApi.of(second);
    }

    @AfterAll
    static void stop() {
        api.close();
        other.close();
        second.close();
        hub.close();
    }

    @Test
    void theAnswerSaysWhereToSeeThatTheKeyIsErased() throws Exception {
        api.topic("erased", 2);
        produce("erased", 1, "\"key\":\"anna\"", "\"key\":\"bert\"", "\"key\":\"anna\"");

        Answer asked = erase("erased", "anna").hasStatus(202);
        assertThat(asked.header("content-type")).isEqualTo(JSON);
        JsonNode erasure = asked.json();
        String location =
                "/v1/topics/erased/erasures/" + erasure.path("erasure_id").asLong();
        assertThat(asked.header("location")).isEqualTo(location);
        assertThat(asked.text()).doesNotContain("anna");
        assertThat(erasure.path("state").asString()).isEqualTo("pending");
        assertThat(erasure.path("erased_at").isNull()).isTrue();
        assertThat(erasure.path("segments").isNull()).isTrue();
        assertThat(erasure.path("cleaner").path("interval_ms").asLong()).isEqualTo(86_400_000);
        assertThat(api.get(location).hasStatus(200).json().path("state").asString())
                .isEqualTo("pending");
        rounds();

        JsonNode erased = api.get(location).hasStatus(200).json();
        assertThat(erased.path("state").asString()).isEqualTo("erased");
        assertThat(erased.path("erased_at").isNull()).isFalse();
        assertThat(erased.path("segments").asInt(-1)).isZero();
        JsonNode left = api.records("erased", 1).getFirst();
        assertThat(left.path("offset").asInt()).isEqualTo(1);
        assertThat(left.path("key").asString()).isEqualTo("bert");
    }

    /** It has them in memory. */
    @Test
    void theOtherHubForgetsWhatItHadRead() throws Exception {
        api.topic("read", 1);
        assertThat(offsets(other, "read")).isEmpty();
        // Its own appends go to its memory, from where it reads.
        produce(other, "read", 0, "\"key\":\"anna\"", "\"key\":\"bert\"");
        assertThat(offsets(other, "read")).containsExactly(0, 1);
        JdbcClient jdbc = hub.bean(JdbcClient.class);

        erase("read", "anna").hasStatus(202);
        rounds();

        await().untilAsserted(() -> assertThat(offsets(other, "read")).containsExactly(1));
        assertThat(jdbc.sql("select count(*) from millrace.record where key = 'anna'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aKeyIsItsBytesWhateverTheyAre() throws Exception {
        List<String> keys = List.of(
                "\"key\":\"a/b;c=d\"",
                "\"key\":\"1+1 %\"",
                "\"key\":\"Zürich\"",
                "\"key_base64\":\"AP8=\"",
                "\"key\":\"..\"");
        List<String> paths = List.of("a%2Fb;c=d", "1+1%20%25", "Z%C3%BCrich", "%00%FF", "%2E%2E");
        for (int i = 0; i < keys.size(); i++) {
            String topic = "bytes-" + i;
            api.topic(topic, 1);
            produce(topic, 0, keys.get(i), "\"key\":\"other\"");
            erase(topic, paths.get(i)).hasStatus(202);
        }
        rounds();

        for (int i = 0; i < keys.size(); i++) {
            assertThat(offsets(api, "bytes-" + i)).as(keys.get(i)).containsExactly(1);
        }
    }

    @Test
    void whatIsNotThereIsRefused() {
        api.topic("refused", 1);
        api.topic("elsewhere", 1);
        long id =
                erase("elsewhere", "k").hasStatus(202).json().path("erasure_id").asLong();

        erase("nowhere", "k").isProblem(404, "unknown_topic", null);
        erase("refused", "").isProblem(404, "not_found", null);
        erase("refused", "k?dry_run=true").isProblem(400, "invalid_request", "?dry_run");
        api.get("/v1/topics/refused/erasures/" + id).isProblem(404, "unknown_erasure", null);
        api.get("/v1/topics/nowhere/erasures/" + id).isProblem(404, "unknown_topic", null);
        api.get("/v1/topics/refused/erasures/x").isProblem(400, "invalid_request", null);
    }

    /** What is in the segment that grows is erased when the next has begun. */
    private static void rounds() throws Exception {
        hub.runLoop("segment-cleaner");
        hub.runLoop("segment-roller");
        hub.runLoop("segment-cleaner");
    }

    private static Answer erase(String topic, String key) {
        return api.send("DELETE", "/v1/topics/" + topic + "/keys/" + key, BodyPublishers.noBody());
    }

    private static void produce(String topic, int partition, String... records) {
        produce(api, topic, partition, records);
    }

    private static void produce(HttpApi to, String topic, int partition, String... records) {
        String body = "{\"records\":["
                + String.join(
                        ",",
                        List.of(records).stream()
                                .map(record -> "{" + record + ",\"value\":1,\"partition\":" + partition + "}")
                                .toList())
                + "]}";
        to.post("/v1/topics/" + topic + "/records", JSON, body).hasStatus(200);
    }

    private static List<Integer> offsets(HttpApi from, String topic) {
        return from.records(topic, 0).stream()
                .map(record -> record.path("offset").asInt())
                .toList();
    }
}
