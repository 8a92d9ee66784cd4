package io.millrace.rest;

import static io.millrace.rest.HttpApi.NDJSON;
import static io.millrace.rest.HttpApi.repeated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Producing and reading NDJSON. */
class NdjsonIT {

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start("millrace.append.queue-capacity=4MB");
        api = HttpApi.of(hub);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @Test
    void fiftyThousandLinesAreStoredInOrderAndReadBackAsTheyWere() {
        String path = api.topic("many", 1);
        int count = 50_000;
        String body = repeated(
                        count - 1,
                        i -> "{\"value\":" + i + "}" + (i % 3 == 0 ? "\r\n" : "\n") + (i % 7 == 0 ? "\r\n \n" : ""))
                + "{\"value\":" + (count - 1) + "}";

        JsonNode stored =
                api.sendAs("POST", path, NDJSON, streamed(body)).hasStatus(200).json();

        assertThat(stored.path("records").asInt()).isEqualTo(count);
        assertThat(stored.path("results_truncated").asBoolean()).isFalse();
        assertThat(stored.path("results").size()).isEqualTo(count);
        assertThat(stored.path("results").path(count - 1).path("offset").asInt())
                .isEqualTo(count - 1);
        Answer read = api.get("/v1/topics/many/partitions/0/records", "Accept", NDJSON)
                .hasStatus(200);
        assertThat(read.header("content-type")).startsWith(NDJSON);
        List<String> lines = read.text().lines().toList();
        assertThat(lines).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(lines.get(i)).startsWith("{\"offset\":" + i + ",").contains("\"value\":" + i + ",");
        }
    }

    @Test
    void aBadLineInTheMiddleTellsHowMuchIsStored() {
        String path = api.topic("bad", 1);
        String body = repeated(2500, i -> "{\"value\":" + i + "}\n") + "\n{\"value\":}\n"
                + repeated(2500, i -> "{\"value\":" + i + "}\n");

        JsonNode problem = api.sendAs("POST", path, NDJSON, streamed(body))
                .isProblem(400, "malformed_json", "#/records/2500/value");

        assertThat(problem.path("records_stored").asLong(-1)).isEqualTo(2500);
        List<JsonNode> records = api.records("bad", 0);
        assertThat(records).hasSize(2500);
        for (int i = 0; i < 2500; i++) {
            assertThat(records.get(i).path("value").asInt()).isEqualTo(i);
        }
    }

    @Test
    void aLineThatOnlyTheTopicRefusesTellsHowMuchIsStoredToo() {
        String path = api.topic("refused", 2);
        String body = repeated(1500, i -> "{\"value\":" + i + "}\n") + "{\"partition\":2}\n";

        JsonNode problem = api.sendAs("POST", path, NDJSON, streamed(body))
                .isProblem(404, "unknown_partition", "#/records/1500/partition");

        assertThat(problem.path("records_stored").asLong(-1)).isEqualTo(1500);
        assertThat(api.count("refused")).isEqualTo(1500);
    }

    @Test
    void emptyLinesAreNotStored() {
        String path = api.topic("empty", 1);

        assertThat(api.post(path, NDJSON, "\r\n\n \n").hasStatus(200).text())
                .isEqualTo("{\"records\":0,\"results_truncated\":false,\"results\":[]}");
        assertThat(api.post(path, "application/jsonl", "{\"value\":1}\n")
                        .hasStatus(200)
                        .json()
                        .path("records")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.post(path + "?acks=0", NDJSON, "{}\n{}").hasStatus(202).text())
                .isEqualTo("{\"records\":2}");
    }

    @Test
    void aProducerFasterThanTheLogIsHeldBack() throws Exception {
        String path = api.topic("fast", 1);
        byte[] line = ("{\"value\":\"" + "x".repeat(1013) + "\"}\n").getBytes(StandardCharsets.US_ASCII);
        Supply supply = new Supply(line, 100_000);
        java.util.concurrent.CompletableFuture<Answer> answer;
        try (Connection blocker = hub.bean(DataSource.class).getConnection()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table millrace.partition_head in exclusive mode");
            answer = api.sendLater(
                    "POST",
                    path,
                    BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> supply)),
                    "Content-Type",
                    NDJSON);
            // Of a hundred mebibytes the hub meanwhile takes no more than the buffers in between.
            await("the producer stands still").until(supply::standsStill);
            assertThat(supply.taken()).isLessThan(40L * 1024 * 1024);
            assertThat(answer).isNotDone();
            blocker.rollback();
        }
        assertThat(answer.join().hasStatus(200).json().path("records").asInt()).isEqualTo(100_000);
        assertThat(api.count("fast")).isEqualTo(100_000);
    }

    private static BodyPublisher streamed(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    }
}
