package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.millrace.bench.consume.ConsumeProtocol;
import io.millrace.bench.produce.ProduceProtocol;
import io.millrace.client.NoAnswerException;
import io.millrace.testing.Hub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs every command of {@code bench} against a hub and compares its results with the hub's data. */
class BenchIT {

    private static final JsonMapper JSON = new JsonMapper();

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @CsvSource({
        "http, 1, 1, 1",
        "http, 10, 4, 1",
        "http, 10, 1, 0",
        "ndjson, 10, 1, 1",
        "ndjson, 10, 1, 0",
        "websocket, 1, 1, 1",
        "websocket, 10, 16, 1",
        "websocket, 10, 4, 0",
        "websocket-binary, 1, 1, 1",
        "websocket-binary, 10, 16, 1",
        "websocket-binary, 10, 4, 0",
    })
    void acknowledgedRecordsAreStored(String protocol, int batch, int inFlight, int acks) {
        String topic = "produce-" + protocol + "-" + batch + "-" + inFlight + "-" + acks;

        JsonNode results = measured(
                "produce --topic %s --partitions 3 --protocol %s --batch %d --in-flight %d --acks %d --connections 4"
                                .formatted(topic, protocol, batch, inFlight, acks)
                        + " --warmup 200ms --duration 500ms");

        long acknowledged = results.path("records_acknowledged_in_all").longValue();
        assertThat(results.path("records").longValue()).isPositive().isLessThan(acknowledged);
        assertThat(results.path("records_per_second").doubleValue()).isPositive();
        assertThat(results.path("latency_ms_answer").path("count").longValue()).isPositive();
        assertThat(results.path("latency_ms_answer").path("p50").doubleValue()).isPositive();
        // With acks=0 the last records may still be in flight.
        await().until(() -> stored(topic) == acknowledged);
        assertThat(partitions(topic)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(ProduceProtocol.class)
    void severalTopicsAreUsedInTurn(ProduceProtocol protocol) {
        String topic = "turns-" + protocol;

        measured("produce --topic " + topic + " --topics 12 --partitions 2 --records 120 --warmup 0ms --connections 5"
                + " --protocol " + protocol);

        for (int i = 0; i < 12; i++) {
            assertThat(stored("%s-%02d".formatted(topic, i))).isEqualTo(10);
        }
        assertThat(partitions(topic + "-11")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(ProduceProtocol.class)
    void theRequestedNumberOfRecordsIsStoredAfterTheWarmUp(ProduceProtocol protocol) {
        String topic = "exactly-" + protocol;

        JsonNode results = measured("produce --topic " + topic + " --batch 7 --records 700 --warmup 0ms --connections 3"
                + " --threads 2 --payload 1000 --protocol " + protocol);

        assertThat(results.path("records").longValue()).isEqualTo(700);
        assertThat(stored(topic)).isEqualTo(700);
        assertThat(hub("/v1/topics/" + topic + "/partitions/0/records?limit=1").toString())
                .containsPattern("\"key\":\"key-\\d{7}\",\"value\":\\{\"at\":\\d{16},\"text\":\"[a-z]{967}\"}");
    }

    @Test
    void aRateIsKeptAndReportedAsAnOpenLoop() {
        JsonNode document = document("produce --topic rate --rate 1000 --batch 10 --warmup 500ms --duration 2s");

        assertThat(document.path("results")
                        .path("latency_ms_answer")
                        .path("count")
                        .longValue())
                .as("requests that were due in two seconds")
                .isEqualTo(200);
        assertThat(document.path("notes").path(0).asString()).startsWith("Open loop: 1,000 records/s");
    }

    @Test
    void aRateThatCannotBeKeptIsReported() {
        JsonNode results =
                measured("produce --topic late --rate 10000000 --connections 1 --warmup 0ms --duration 300ms");

        assertThat(results.path("records_not_sent").longValue()).isGreaterThan(1_000_000);
        assertThat(results.path("latency_ms_answer").path("count").longValue()).isEqualTo(3_000_000);
        assertThat(results.path("latency_ms_answer").path("p50").doubleValue()).isBetween(100.0, 10_000.0);
    }

    @ParameterizedTest
    @EnumSource(ConsumeProtocol.class)
    void aTopicIsReadCompletely(ConsumeProtocol protocol) {
        String topic = "consume-" + protocol;
        measured("produce --topic %s --partitions 5 --batch 50 --records 5000 --warmup 0ms".formatted(topic));

        JsonNode all = measured("consume --topic " + topic + " --protocol " + protocol);
        JsonNode shared = measured("consume --topic " + topic + " --connections 2 --protocol " + protocol);
        JsonNode one = measured("consume --topic " + topic + " --partition 3 --protocol " + protocol);
        JsonNode since = measured("consume --topic " + topic + " --from 1000 --protocol " + protocol);

        assertThat(all.path("records").longValue()).isEqualTo(5000);
        assertThat(all.path("megabytes_per_second").doubleValue()
                        / all.path("records_per_second").doubleValue())
                .as("megabytes per record")
                .isCloseTo(0.0002, within(0.000002));
        assertThat(shared.path("records").longValue()).isEqualTo(5000);
        assertThat(one.path("records").longValue()).isEqualTo(end(topic, 3));
        assertThat(since.path("records").longValue()).isEqualTo(5000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "websocket-binary"})
    void everySubscriberGetsEveryRecord(String protocol) {
        String topic = "fan-out-" + protocol;

        JsonNode results = measured(
                "fan-out --topic %s --protocol %s --partitions 4 --subscribers 20 --rate 500".formatted(topic, protocol)
                        + " --warmup 300ms --duration 1s --subscribe-url " + hub.http(""));

        long stored = stored(topic);
        assertThat(results.path("records_acknowledged_in_all").longValue())
                .isEqualTo(stored)
                .isBetween(500L, 650L);
        assertThat(results.path("deliveries_in_all").longValue()).isEqualTo(20 * stored);
        assertThat(results.path("deliveries_expected").longValue()).isEqualTo(20 * stored);
        assertThat(results.path("lost").longValue()).isZero();
        assertThat(results.path("duplicated").longValue()).isZero();
        assertThat(results.path("latency_ms_receipt").path("count").longValue())
                .isEqualTo(20 * (500 - notSent(results)));
    }

    @ParameterizedTest
    @EnumSource(ProduceProtocol.class)
    void latencyIsMeasuredToTheAnswerAndToTheReceipt(ProduceProtocol protocol) {
        JsonNode results = measured("latency --topic latency-%s --rate 200 --warmup 100ms --duration 1s --protocol %s"
                .formatted(protocol, protocol));

        assertThat(results.path("latency_ms_answer").path("count").longValue()).isEqualTo(200);
        assertThat(results.path("latency_ms_receipt").path("count").longValue()).isEqualTo(200 - notSent(results));
        assertThat(results.path("latency_ms_receipt").path("p50").doubleValue()).isPositive();
        assertThat(results.path("lost").longValue()).isZero();
    }

    @Test
    void aGroupSettlesMovesLittleAndCommitsEverything() {
        JsonNode results = measured("groups --topic groups --members 10 --partitions 20 --commits 5");

        assertThat(results.path("partitions_moved_by_one_more").longValue()).isEqualTo(1);
        assertThat(results.path("partitions_moved_by_one_less").longValue()).isBetween(1L, 2L);
        assertThat(results.path("offsets_committed").longValue()).isEqualTo(100);
        assertThat(results.path("commits_per_second").doubleValue()).isPositive();
        assertThat(stored("groups")).isEqualTo(100);
        assertThat(hub("/v1/groups?prefix=bench-").toString()).isEqualTo("{\"groups\":[],\"next\":null}");
    }

    @Test
    void idleSubscribersAreConnectedAndTheHubsMemoryIsReported() {
        JsonNode results =
                measured("idle --topic idle --subscribers 50 --duration 500ms --management-url http://127.0.0.1:"
                        + hub.managementPort());

        assertThat(results.path("subscribers").longValue()).isEqualTo(50);
        assertThat(results.path("hub_heap_bytes_before").longValue()).isPositive();
        assertThat(results.path("hub_heap_bytes_after").longValue()).isPositive();
    }

    @Test
    void theTextIsForPeopleAndTheJsonDocumentHasParametersAndEnvironment() {
        BenchShell.Result text = run("produce --topic text --records 10 --warmup 0ms --connections 1");
        JsonNode document =
                document("produce --topic text --records 10 --warmup 0ms --connections 1 --protocol WebSocket-Binary");

        assertThat(text.exitCode()).isZero();
        assertThat(text.out())
                .startsWith("bench produce " + hub.http(""))
                .containsPattern("records +10\n")
                .containsPattern(
                        "latency of answers +p50 [\\d.]+  p90 [\\d.]+  p99 [\\d.]+  p99.9 [\\d.]+  max [\\d.]+ ms")
                .contains("Closed loop: ");
        assertThat(document.path("command").asString()).isEqualTo("produce");
        assertThat(document.path("parameters").path("records").intValue()).isEqualTo(10);
        assertThat(document.path("parameters").path("duration").asString()).isEqualTo("10s");
        assertThat(document.path("parameters").path("protocol").asString()).isEqualTo("websocket-binary");
        assertThat(document.path("environment").path("java").asString()).startsWith("25");
        assertThat(document.path("environment").path("hub_version").asString()).isNotEmpty();
        assertThat(document.path("failure").isNull()).isTrue();
    }

    @Test
    void progressIsShownEverySecondOnStandardError() {
        BenchShell.Result result = run("produce --topic progress --warmup 1s --duration 2s");

        assertThat(result.err().lines())
                .hasSizeGreaterThanOrEqualTo(2)
                .first()
                .asString()
                .matches(" +1 s( \\(warm-up\\))?  [\\d,]+ records/s  [\\d.]+ MB/s  p50 [\\d.]+ ms  p99 [\\d.]+ ms "
                        + " errors 0");
    }

    @Test
    void theHistogramHoldsTheLatencies(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("latencies.hlog");

        measured("latency --topic histogram --rate 100 --warmup 0ms --duration 1s --histogram " + file);

        List<String> found = new ArrayList<>();
        try (HistogramLogReader log = new HistogramLogReader(Files.newInputStream(file))) {
            for (var next = log.nextIntervalHistogram(); next != null; next = log.nextIntervalHistogram()) {
                found.add(next.getTag() + " " + ((Histogram) next).getTotalCount());
            }
        }
        assertThat(found).containsExactly("answer 100", "receipt 100");
    }

    @Test
    void aRefusalEndsTheRunWithTheHubsMessage() {
        hub.createTopic("small", 1);
        hub.createTopic("empty", 2);

        assertFailure("consume --topic nowhere", "404 unknown_topic: there is no topic nowhere");
        assertFailure("consume --topic empty", "there is nothing to read in topic empty");
        assertFailure("consume --topic empty --partition 2", "topic empty has 2 partitions, but no partition 2");
        for (String protocol : List.of("http", "ndjson", "websocket", "websocket-binary")) {
            assertFailure("produce --topic small --payload 2000000 --protocol " + protocol, "record_too_large: ");
        }
    }

    private static void assertFailure(String arguments, String message) {
        BenchShell.Result result = run(arguments);

        assertThat(result.exitCode()).as(result.out()).isEqualTo(1);
        assertThat(result.err()).contains(message).doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
    }

    private static JsonNode measured(String arguments) {
        return document(arguments).path("results");
    }

    private static JsonNode document(String arguments) {
        BenchShell.Result result = run(arguments + " --output json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        return JSON.readTree(result.out());
    }

    private static BenchShell.Result run(String arguments) {
        return BenchShell.run((arguments + " --url " + hub.http("")).split(" "));
    }

    /** Records that were due in the window but could not be sent before its end. */
    private static long notSent(JsonNode results) {
        return results.path("records_not_sent").longValue();
    }

    private static long stored(String topic) {
        long stored = 0;
        for (JsonNode partition : topic(topic).path("partitions")) {
            stored += partition.path("next_offset").longValue();
        }
        return stored;
    }

    private static long end(String topic, int partition) {
        return topic(topic)
                .path("partitions")
                .path(partition)
                .path("next_offset")
                .longValue();
    }

    private static int partitions(String topic) {
        return topic(topic).path("partitions").size();
    }

    private static JsonNode topic(String topic) {
        return hub("/v1/topics/" + topic);
    }

    private static JsonNode hub(String resource) {
        try {
            return JsonMapper.shared().readTree(hub.client().get(resource).body());
        } catch (NoAnswerException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
