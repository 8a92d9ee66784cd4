package io.millrace.rest;

import static io.millrace.rest.HttpApi.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RecordControllerIT {

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        api = HttpApi.of(hub);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @Test
    void resultsComeInTheOrderOfTheRequest() {
        String path = api.topic("order", 4);
        int[] partitions = {3, 0, 3, 3, 1, 0, 2, 3};
        String records = HttpApi.repeated(
                partitions.length,
                i -> (i == 0 ? "" : ",") + "{\"value\":" + i + ",\"partition\":" + partitions[i] + "}");

        Answer answer = api.post(path, JSON, "{\"records\":[" + records + "]}").hasStatus(200);

        assertThat(answer.header("content-type")).isEqualTo(JSON);
        List<JsonNode> results = HttpApi.elements(answer.json().path("results"));
        assertThat(results).hasSize(partitions.length);
        for (int i = 0; i < partitions.length; i++) {
            int partition = results.get(i).path("partition").asInt(-1);
            int offset = results.get(i).path("offset").asInt(-1);
            assertThat(partition).isEqualTo(partitions[i]);
            assertThat(api.records("order", partition).get(offset).path("value").asInt())
                    .isEqualTo(i);
        }
    }

    @Test
    void aKeyGoesToThePartitionThatKafkaWouldChoose() {
        String path = api.topic("keyed", 7);
        List<String> keys = new ArrayList<>(List.of("", "a", "\u00e9", "\ud83d\ude80", "a key with spaces", "\u0000"));
        for (int i = 0; i < 100; i++) {
            keys.add("key-" + i * 7919);
        }
        String records = String.join("\"},{\"key\":\"", keys).replace("\u0000", "\\u0000");

        JsonNode results = api.post(path, JSON, "{\"records\":[{\"key\":\"" + records + "\"}]}")
                .hasStatus(200)
                .json()
                .path("results");

        for (int i = 0; i < keys.size(); i++) {
            int kafkas = BuiltInPartitioner.partitionForKey(keys.get(i).getBytes(StandardCharsets.UTF_8), 7);
            assertThat(results.path(i).path("partition").asInt(-1))
                    .as(keys.get(i))
                    .isEqualTo(kafkas);
        }
    }

    @Test
    void recordsWithoutAKeyTakeThePartitionsInTurn() {
        String path = api.topic("turns", 3);

        for (int i = 0; i < 6; i++) {
            api.post(path, JSON, "{\"records\":[{\"value\":1}]}").hasStatus(200);
        }

        for (int partition = 0; partition < 3; partition++) {
            assertThat(api.records("turns", partition)).hasSize(2);
        }
    }

    @Test
    void jsonValuesAreKeptByteForByte() {
        String path = api.topic("values", 1);
        List<String> values = List.of(
                "1.0e+05",
                "-0",
                "123456789012345678901234567890.000000000000000000000000000001",
                "1E400",
                "\"\\u0041\\/\\ud83d\\ude80 \ud83d\ude80 \u00e9\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "{ \"b\" : 1 ,\t\"a\":[ ] , \"b\":2 }",
                "[\r\n  1,\n\n  2\n]",
                "\"\"",
                "false",
                "{}",
                "[".repeat(500) + "]".repeat(500));
        for (String value : values) {
            api.post(path, JSON, "{\"records\":[{\"value\": \n" + value + "\t }]}")
                    .hasStatus(200);
        }

        String page =
                api.get("/v1/topics/values/partitions/0/records").hasStatus(200).text();

        int at = 0;
        for (String value : values) {
            String record = "\"value\":" + value + ",\"headers\":[]}";
            assertThat(page.indexOf(record, at)).as(value).isGreaterThanOrEqualTo(at);
            at = page.indexOf(record, at) + record.length();
        }
    }

    @Test
    void everyFormOfARecordComesBackInThatForm() {
        String path = api.topic("forms", 1);
        List<String> records = List.of(
                "\"key\":\"a\",\"value\":\"b\",\"headers\":[]",
                "\"key\":null,\"value\":1,\"headers\":[]",
                "\"key\":\"\",\"value\":null,\"headers\":[]",
                "\"key_base64\":\"AP8=\",\"value_base64\":\"/wA=\",\"headers\":[]",
                "\"key\":null,\"value_base64\":\"\",\"headers\":[]",
                "\"key\":\"\u0007\\n\",\"value\":1,\"headers\":[]".replace("\u0007", "\\u0007"),
                "\"key\":null,\"value\":1,\"headers\":[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"a\",\"value\":null},"
                    + "{\"name\":\"b\",\"value_base64\":\"AP8=\"}]");
        String sent = String.join(
                ",",
                records.stream()
                        .map(record -> "{\"timestamp\":1000," + record + "}")
                        .toList());

        api.post(path, JSON, "{\"records\":[" + sent + "]}").hasStatus(200);

        StringBuilder expected = new StringBuilder();
        for (String record : records) {
            expected.append("{\"offset\":").append(records.indexOf(record)).append(",\"timestamp\":1000,");
            expected.append(record).append("}\n");
        }
        assertThat(api.get("/v1/topics/forms/partitions/0/records", "Accept", HttpApi.NDJSON)
                        .text())
                .isEqualTo(expected.toString());
    }

    @Test
    void absentFieldsAndMissingTimestampsAreFilledIn() {
        String path = api.topic("absent", 1);
        long before = System.currentTimeMillis();

        api.post(path, JSON, "{\"records\":[{}]}").hasStatus(200);

        JsonNode record = api.records("absent", 0).getFirst();
        assertThat(record.path("timestamp").asLong()).isBetween(before, System.currentTimeMillis());
        assertThat(record.path("key").isNull() && record.path("value").isNull()).isTrue();
    }

    @Test
    void aBodyOfAnotherTypeIsOneValue() {
        record Case(String type, String body, String stored) {}
        List<Case> cases = List.of(
                new Case(
                        "text/plain",
                        "gate \"closes\"\n\u00e9",
                        "\"value\":\"gate \\\"closes\\\"\\n\u00e9\",\"headers\":[]}"),
                new Case("text/plain;charset=UTF-8", "", "\"value\":\"\",\"headers\":[]}"),
                new Case("application/octet-stream", "abc", "\"value_base64\":\"YWJj\",\"headers\":[]}"),
                new Case("application/octet-stream", "", "\"value_base64\":\"\",\"headers\":[]}"),
                new Case(
                        "image/svg+xml",
                        "<svg/>",
                        "\"value_base64\":\"PHN2Zy8+\",\"headers\":[{\"name\":\"content-type\",\"value\":\"image/svg+xml\"}]}"),
                new Case(
                        "application/avro;v=\"1\"",
                        "a",
                        "\"value_base64\":\"YQ==\",\"headers\":[{\"name\":\"content-type\","
                                + "\"value\":\"application/avro;v=\\\"1\\\"\"}]}"));
        String path = api.topic("raw", 1);
        for (int i = 0; i < cases.size(); i++) {
            Case given = cases.get(i);
            assertThat(api.post(path, given.type(), given.body()).hasStatus(200).text())
                    .isEqualTo("{\"results\":[{\"partition\":0,\"offset\":" + i + "}]}");

            String read = api.get("/v1/topics/raw/partitions/0/records?offset=" + i, "Accept", HttpApi.NDJSON)
                    .text();
            assertThat(read).as(given.type()).endsWith("\"key\":null," + given.stored() + "\n");
        }
    }

    @Test
    void aRawRecordHasItsKeyAndHeadersInHeaders() throws Exception {
        api.topic("headers", 3);
        // The client library would not send UTF-8 in a header.
        byte[] request = ("POST /v1/topics/headers/records HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + "Content-Type: text/plain\r\nContent-Length: 1\r\nHub-Key: cl\u00e9\r\n"
                        + "Hub-Header-Trace-Id: 7\r\nHUB-HEADER-NAME: \u00e9\r\nhub-header-trace-id: 8\r\n\r\nx")
                .getBytes(StandardCharsets.UTF_8);

        JsonNode result = RawHttp.exchange(hub, request)
                .hasStatus(200)
                .json()
                .path("results")
                .path(0);

        int partition = BuiltInPartitioner.partitionForKey("cl\u00e9".getBytes(StandardCharsets.UTF_8), 3);
        assertThat(result.path("partition").asInt(-1)).isEqualTo(partition);
        JsonNode record = api.records("headers", partition).getFirst();
        assertThat(record.path("key").asString()).isEqualTo("cl\u00e9");
        assertThat(HttpApi.elements(record.path("headers")).stream().map(JsonNode::toString))
                .containsExactlyInAnyOrder(
                        "{\"name\":\"trace-id\",\"value\":\"7\"}",
                        "{\"name\":\"trace-id\",\"value\":\"8\"}",
                        "{\"name\":\"name\",\"value\":\"\u00e9\"}");
    }

    @Test
    void acksZeroIsAcceptedAndStoredSoon() {
        String path = api.topic("acks", 1);

        Answer accepted = api.post(path + "?acks=0", JSON, "{\"records\":[{\"value\":1},{\"value\":2}]}");

        assertThat(accepted.hasStatus(202).text()).isEqualTo("{\"records\":2}");
        assertThat(api.get("/v1/topics/acks/partitions/0/records?wait=20s")
                        .json()
                        .path("records")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void oneBadRecordKeepsAllOthersOut() {
        String path = api.topic("whole", 2);
        String good = HttpApi.repeated(999, i -> "{\"value\":" + i + "},");

        api.post(path, JSON, "{\"records\":[" + good + "{\"value\":1,\"partition\":2}]}")
                .isProblem(404, "unknown_partition", "#/records/999/partition");

        assertThat(api.count("whole")).isZero();
    }
}
