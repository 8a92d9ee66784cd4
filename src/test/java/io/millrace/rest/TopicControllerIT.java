package io.millrace.rest;

import static io.millrace.rest.HttpApi.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TopicControllerIT {

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        hub.stopLoop("segment-cleaner"); // sizes stay as they are
        api = HttpApi.of(hub);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @Test
    void aTopicIsCreatedWithTheDefaults() {
        Answer created = create("{\"name\":\"plain\"}");

        assertThat(created.header("location")).isEqualTo("/v1/topics/plain");
        assertThat(created.header("content-type")).isEqualTo(JSON);
        assertThat(created.json().path("partitions").toString())
                .isEqualTo(
                        "[{\"partition\":0,\"start_offset\":0,\"high_watermark\":0,\"next_offset\":0,\"size_bytes\":0,"
                                + "\"segments\":0,\"oldest_timestamp\":null}]");
        assertThat(created.json().path("config").toString())
                .isEqualTo("{\"retention_ms\":604800000,\"retention_bytes\":-1,\"cleanup_policy\":\"delete\","
                        + "\"max_record_bytes\":1048576,\"min_insync_replicas\":1,"
                        + "\"delete_retention_ms\":86400000,\"min_compaction_lag_ms\":0}");
        assertThat(created.json().path("created_at").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    }

    @Test
    void aTopicIsCreatedAndDescribedAsRequested() {
        Answer created = create("{\"name\":\"A.b_c-9\",\"partitions\":3,"
                + "\"config\":{\"retention_ms\":-1,\"cleanup_policy\":\"compact,delete\",\"max_record_bytes\":10}}");
        Answer described = describe("A.b_c-9");

        assertThat(described.text()).isEqualTo(created.text());
        assertThat(described.header("etag")).isEqualTo(created.header("etag")).isNotBlank();
        assertThat(described.json().path("partitions").size()).isEqualTo(3);
        assertThat(described.json().path("config").toString())
                .isEqualTo("{\"retention_ms\":-1,\"retention_bytes\":-1,\"cleanup_policy\":\"compact,delete\","
                        + "\"max_record_bytes\":10,\"min_insync_replicas\":1,"
                        + "\"delete_retention_ms\":86400000,\"min_compaction_lag_ms\":0}");
    }

    @Test
    void offsetsRiseWithTheRecords() {
        create("{\"name\":\"moving\",\"partitions\":2}");
        String records = "{\"records\":[{\"partition\":1,\"timestamp\":7},{\"partition\":1,\"timestamp\":5}]}";
        api.post("/v1/topics/moving/records", JSON, records).hasStatus(200);

        assertThat(describe("moving").json().path("partitions").toString())
                .isEqualTo(
                        "[{\"partition\":0,\"start_offset\":0,\"high_watermark\":0,\"next_offset\":0,\"size_bytes\":0,"
                            + "\"segments\":0,\"oldest_timestamp\":null},"
                            + "{\"partition\":1,\"start_offset\":0,\"high_watermark\":2,\"next_offset\":2,\"size_bytes\":0,"
                            + "\"segments\":0,\"oldest_timestamp\":7}]");
    }

    @Test
    void topicsAreListedByPagesInTheOrderOfTheirNames() {
        for (String name : List.of("list.c", "list.a", "list.e", "list.B", "list.d")) {
            create("{\"name\":\"" + name + "\",\"partitions\":2}");
        }

        List<String> pages = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = api.get("/v1/topics?prefix=list.&limit=2" + next)
                    .hasStatus(200)
                    .json();
            pages.add(String.join(" ", page.path("topics").findValuesAsString("name")));
            next = page.path("next").isNull()
                    ? null
                    : "&after=" + page.path("next").asString();
        } while (next != null);

        assertThat(pages).containsExactly("list.B list.a", "list.c list.d", "list.e");
        assertThat(api.get("/v1/topics?prefix=none").hasStatus(200).text()).isEqualTo("{\"topics\":[],\"next\":null}");
        assertThat(api.get("/v1/topics?prefix=list.a")
                        .json()
                        .path("topics")
                        .path(0)
                        .path("partitions")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aPatchChangesTheSettingsItHasAndNullRestoresTheDefault() {
        create("{\"name\":\"patched\",\"config\":{\"retention_ms\":5,\"retention_bytes\":6}}");

        Answer changed = api.patch("/v1/topics/patched", "{\"config\":{\"retention_ms\":7}}")
                .hasStatus(200);
        assertThat(changed.json().path("config").path("retention_ms").asLong()).isEqualTo(7);
        assertThat(changed.json().path("config").path("retention_bytes").asLong())
                .isEqualTo(6);

        Answer reset = api.sendAs(
                        "PATCH",
                        "/v1/topics/patched",
                        "application/merge-patch+json",
                        BodyPublishers.ofString("{\"config\":{\"retention_bytes\":null},\"partitions\":null}"))
                .hasStatus(200);
        assertThat(reset.json().path("config").path("retention_ms").asLong()).isEqualTo(7);
        assertThat(reset.json().path("config").path("retention_bytes").asLong()).isEqualTo(-1);
        assertThat(describe("patched").text()).isEqualTo(reset.text());
    }

    @Test
    void partitionsCanBeAddedButNotRemoved() {
        create("{\"name\":\"growing\",\"partitions\":2}");

        Answer grown = api.patch("/v1/topics/growing", "{\"partitions\":5}").hasStatus(200);
        assertThat(grown.json().path("partitions").size()).isEqualTo(5);
        api.post("/v1/topics/growing/records", JSON, "{\"records\":[{\"partition\":4}]}")
                .hasStatus(200);

        api.patch("/v1/topics/growing", "{\"partitions\":4}").isProblem(400, "invalid_partitions", "#/partitions");
        assertThat(describe("growing").json().path("partitions").size()).isEqualTo(5);
    }

    @Test
    void aChangeCanRequireATagAndMakesItStale() {
        String tag = create("{\"name\":\"tagged\"}").header("etag");

        Answer changed = api.patch("/v1/topics/tagged", "{\"config\":{\"retention_ms\":1}}", "If-Match", tag)
                .hasStatus(200);
        assertThat(changed.header("etag")).isNotEqualTo(tag);
        for (String stale : List.of(tag, "\"x\"", "nonsense", "W/" + changed.header("etag"))) {
            api.patch("/v1/topics/tagged", "{\"config\":{\"retention_ms\":2}}", "If-Match", stale)
                    .isProblem(412, "precondition_failed", null);
            api.send("DELETE", "/v1/topics/tagged", BodyPublishers.noBody(), "If-Match", stale)
                    .isProblem(412, "precondition_failed", null);
        }
        assertThat(describe("tagged").text()).isEqualTo(changed.text());

        String either = "\"x\", " + changed.header("etag");
        api.patch("/v1/topics/tagged", "{\"config\":{\"retention_ms\":3}}", "If-Match", either)
                .hasStatus(200);
        api.send("DELETE", "/v1/topics/tagged", BodyPublishers.noBody(), "If-Match", "*")
                .hasStatus(204);
    }

    @Test
    void theTagOfADeletedTopicDoesNotMatchItsSuccessor() {
        String tag = create("{\"name\":\"again\"}").header("etag");
        delete("again").hasStatus(204);
        create("{\"name\":\"again\"}");

        api.patch("/v1/topics/again", "{\"config\":{\"retention_ms\":1}}", "If-Match", tag)
                .isProblem(412, "precondition_failed", null);
    }

    @Test
    void aDeletedTopicIsGoneAndItsSuccessorIsEmpty() {
        create("{\"name\":\"gone\"}");
        api.post("/v1/topics/gone/records", JSON, "{\"records\":[{\"value\":1}]}")
                .hasStatus(200);

        Answer deleted = delete("gone").hasStatus(204);

        assertThat(deleted.body()).isEmpty();
        api.get("/v1/topics/gone").isProblem(404, "unknown_topic", null);
        delete("gone").isProblem(404, "unknown_topic", null);
        api.post("/v1/topics/gone/records", JSON, "{\"records\":[{\"value\":1}]}")
                .isProblem(404, "unknown_topic", null);
        api.get("/v1/topics/gone/partitions/0/records").isProblem(404, "unknown_topic", null);
        create("{\"name\":\"gone\"}");
        assertThat(api.records("gone", 0)).isEmpty();
    }

    @Test
    void ofManyConcurrentCreationsOneSucceeds() {
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 16)
                .mapToObj(i -> api.sendLater(
                        "POST", "/v1/topics", BodyPublishers.ofString("{\"name\":\"race\"}"), "Content-Type", JSON))
                .toList();

        List<Answer> refusals = new ArrayList<>();
        for (CompletableFuture<Answer> answer : answers) {
            if (answer.join().status() != 201) {
                refusals.add(answer.join());
            }
        }
        assertThat(refusals).hasSize(15);
        refusals.forEach(refusal -> refusal.isProblem(409, "topic_exists", null));
    }

    @Test
    void headAndOptionsAreAnsweredWithoutABody() {
        create("{\"name\":\"head\"}");

        Answer head =
                api.send("HEAD", "/v1/topics/head", BodyPublishers.noBody()).hasStatus(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("etag")).isEqualTo(describe("head").header("etag"));
        assertThat(api.send("HEAD", "/v1/topics/none", BodyPublishers.noBody())
                        .hasStatus(404)
                        .body())
                .isEmpty();

        Answer options =
                api.send("OPTIONS", "/v1/topics/head", BodyPublishers.noBody()).hasStatus(200);
        assertThat(options.header("allow").split(",")).contains("GET", "PATCH", "DELETE");
    }

    private static Answer create(String body) {
        return api.post("/v1/topics", JSON, body).hasStatus(201);
    }

    private static Answer describe(String topic) {
        return api.get("/v1/topics/" + topic).hasStatus(200);
    }

    private static Answer delete(String topic) {
        return api.send("DELETE", "/v1/topics/" + topic, BodyPublishers.noBody());
    }
}
