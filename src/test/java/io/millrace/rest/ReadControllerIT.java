package io.millrace.rest;

import static io.millrace.rest.HttpApi.JSON;
import static io.millrace.rest.HttpApi.NDJSON;
import static io.millrace.rest.HttpApi.repeated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class ReadControllerIT {

    private static Hub hub;
    private static Hub otherHub;
    private static HttpApi api;
    private static HttpApi otherApi;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        hub = Hub.start(database);
        otherHub = Hub.start(database);
        api = HttpApi.of(hub);
        otherApi = HttpApi.of(otherHub);
    }

    @AfterAll
    static void stop() {
        api.close();
        otherApi.close();
        otherHub.close();
        hub.close();
    }

    @Test
    void anEmptyPartitionHasNoRecords() {
        api.topic("empty", 2);

        assertThat(api.get("/v1/topics/empty/partitions/1/records")
                        .hasStatus(200)
                        .text())
                .isEqualTo("{\"topic\":\"empty\",\"partition\":1,\"start_offset\":0,\"high_watermark\":0,"
                        + "\"next_offset\":0,\"records\":[]}");
        assertThat(api.get("/v1/topics/empty/partitions/1/records", "Accept", NDJSON)
                        .hasStatus(200)
                        .body())
                .isEmpty();
    }

    @Test
    void nextOffsetContinuesExactlyWithAnyLimit() {
        fill("pages", 100);

        for (String limit : List.of("limit=1", "limit=7", "limit=100", "max_bytes=1", "max_bytes=30", "")) {
            List<Integer> values = new ArrayList<>();
            int next = 0;
            do {
                JsonNode page = read("pages", "?offset=" + next + "&" + limit).json();
                page.path("records")
                        .forEach(record -> values.add(record.path("value").asInt()));
                assertThat(page.path("high_watermark").asInt()).isEqualTo(100);
                assertThat(page.path("next_offset").asInt()).isGreaterThan(next);
                next = page.path("next_offset").asInt();
            } while (next < 100);
            assertThat(values).as(limit).hasSize(100).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void maxBytesBoundsAPageToNoLessThanOneRecord() {
        String path = api.topic("bytes", 1);
        String large = "\"" + "x".repeat(998) + "\"";
        api.post(path, JSON, "{\"records\":[" + repeated(9, i -> "{\"value\":" + large + "},") + "{}]}");

        assertThat(read("bytes", "?max_bytes=1").json().path("records").size()).isEqualTo(1);
        assertThat(read("bytes", "?max_bytes=3000").json().path("records").size())
                .isEqualTo(3);
        assertThat(read("bytes", "?max_bytes=3999").json().path("records").size())
                .isEqualTo(3);
        assertThat(read("bytes", "").json().path("records").size()).isEqualTo(10);
    }

    @Test
    void offsetsOutsideThePartitionAreRefused() {
        fill("bounds", 10);
        JdbcClient jdbc = hub.bean(JdbcClient.class);
        jdbc.sql("update millrace.partition_head set start_offset = 4 where partition_id = (select p.partition_id"
                        + " from millrace.topic t join millrace.topic_partition p on p.topic_id = t.id"
                        + " where t.name = 'bounds')")
                .update();

        await("the start has moved").until(() -> {
            Answer answer = api.get("/v1/topics/bounds/partitions/0/records?offset=3");
            return answer.status() == 410;
        });
        for (String accept : List.of(JSON, NDJSON)) {
            String path = "/v1/topics/bounds/partitions/0/records?offset=";
            assertThat(api.get(path + 3, "Accept", accept)
                            .isProblem(410, "offset_expired", null)
                            .path("earliest_offset")
                            .asInt())
                    .isEqualTo(4);
            assertThat(api.get(path + 11, "Accept", accept)
                            .isProblem(416, "offset_beyond_end", null)
                            .path("next_offset")
                            .asInt())
                    .isEqualTo(10);
            assertThat(api.get(path + 10, "Accept", accept).status()).isEqualTo(200);
        }
        assertThat(read("bounds", "")
                        .json()
                        .path("records")
                        .path(0)
                        .path("offset")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void aTimestampMeansTheFirstRecordThatIsNotOlder() {
        String path = api.topic("times", 1);
        for (int time : new int[] {1000, 2000, 3000}) {
            api.post(path, JSON, "{\"records\":[{\"timestamp\":" + time + "}]}").hasStatus(200);
        }

        assertThat(read("times", "?timestamp=0").json().path("records").size()).isEqualTo(3);
        assertThat(read("times", "?timestamp=1001")
                        .json()
                        .path("records")
                        .path(0)
                        .path("offset")
                        .asInt())
                .isEqualTo(1);
        assertThat(read("times", "?timestamp=3000")
                        .json()
                        .path("records")
                        .path(0)
                        .path("offset")
                        .asInt())
                .isEqualTo(2);
        assertThat(read("times", "?timestamp=3001").json().path("next_offset").asInt())
                .isEqualTo(3);
    }

    @Test
    void aLongPollIsWokenByARecordOnAnyHub() {
        String path = api.topic("poll", 1);
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            HttpApi producer = i % 2 == 0 ? api : otherApi;
            CompletableFuture<Answer> poll = api.getLater("/v1/topics/poll/partitions/0/records?wait=20s&offset=" + i);
            await().during(Duration.ofMillis(50)).until(() -> !poll.isDone());

            producer.post(path, JSON, "{\"records\":[{\"value\":" + i + "}]}").hasStatus(200);
            long stored = System.nanoTime();
            JsonNode page = poll.join().hasStatus(200).json();

            fastest = Math.min(fastest, System.nanoTime() - stored);
            assertThat(page.path("records").path(0).path("value").asInt(-1)).isEqualTo(i);
        }
        assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void aLongPollWithoutARecordEndsAfterItsWait() {
        api.topic("vain", 1);
        long start = System.nanoTime();

        JsonNode page = read("vain", "?wait=300ms").json();

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
        assertThat(page.path("records").size()).isZero();
        assertThat(page.path("next_offset").asInt(-1)).isZero();
    }

    @Test
    void linesAreStreamedInOrderToTheLimitOrTheEnd() {
        fill("lines", 20_000);

        for (int limit : new int[] {1, 10_001, 20_000}) {
            Answer answer = api.get("/v1/topics/lines/partitions/0/records?limit=" + limit, "Accept", NDJSON)
                    .hasStatus(200);
            List<String> lines = answer.text().lines().toList();
            assertThat(lines).hasSize(limit);
            for (int i = 0; i < limit; i++) {
                assertThat(lines.get(i)).startsWith("{\"offset\":" + i + ",").contains("\"value\":" + i + ",");
            }
        }
        assertThat(api.get("/v1/topics/lines/partitions/0/records?offset=19998&max_bytes=1", "Accept", NDJSON)
                        .text()
                        .lines())
                .hasSize(2);
    }

    @Test
    void aRecordIsOneLineEvenIfItsValueHasLineBreaks() {
        String path = api.topic("breaks", 1);
        api.post(path, JSON, "{\"records\":[{\"value\":[1,\r\n2\n]},{\"value\":\"a\\nb\"}]}")
                .hasStatus(200);

        assertThat(api.get("/v1/topics/breaks/partitions/0/records", "Accept", NDJSON)
                        .text()
                        .lines())
                .satisfiesExactly(line -> assertThat(line).contains("\"value\":[1,  2 ],"), line -> assertThat(line)
                        .contains("\"value\":\"a\\nb\","));
    }

    @Test
    void recordsThatOneHubHasAcknowledgedAreReadOnTheOtherAtOnce() {
        String path = api.topic("nodes", 1);
        for (int i = 0; i < 100; i++) {
            HttpApi writer = i % 2 == 0 ? api : otherApi;
            HttpApi reader = i % 2 == 0 ? otherApi : api;

            writer.post(path, JSON, "{\"records\":[{\"value\":" + i + "}]}").hasStatus(200);

            JsonNode page = reader.get("/v1/topics/nodes/partitions/0/records?offset=" + i)
                    .hasStatus(200)
                    .json();
            assertThat(page.path("records").path(0).path("value").asInt(-1)).isEqualTo(i);
        }
    }

    private static Answer read(String topic, String query) {
        return api.get("/v1/topics/" + topic + "/partitions/0/records" + query).hasStatus(200);
    }

    private static void fill(String topic, int count) {
        String path = api.topic(topic, 1);
        api.post(path, NDJSON, repeated(count, i -> "{\"value\":" + i + "}\n")).hasStatus(200);
    }
}
