package io.millrace.rest;

import static io.millrace.rest.HttpApi.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * How a body is read, by its Content-Type, and in which type it is answered, by Accept. {@link BadTypes} has the types
 * that are refused.
 */
class ContentTypeIT {

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        api = HttpApi.of(hub);
        api.topic("types", 1);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-ndjson",
                "application/ndjson",
                "application/jsonl",
                "application/x-jsonl",
                "application/jsonlines",
                "application/x-jsonlines",
                "Application/NDJSON; charset=\"UTF-8\"",
            })
    void theseTypesAreReadAsLines(String type) {
        JsonNode last = produced(type, "{\"key\":\"a\",\"value\":1}\n{\"key\":\"b\",\"value\":2}\n", 2);

        assertThat(last.path("key").asString()).isEqualTo("b");
        assertThat(last.path("value").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json;charset=UTF-8",
                "application/json; Charset=utf-8",
                "application/json; charset=\"utf-8\"",
                "application/json;charset=us-ascii",
                "APPLICATION/JSON",
                "application/json; profile=\"https://example.org/a,b\"",
            })
    void theseTypesAreReadAsJson(String type) {
        assertThat(produced(type, "{\"records\":[{\"value\":[3]}]}", 1)
                        .path("value")
                        .toString())
                .isEqualTo("[3]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain;charset=utf-8", "Text/Plain; format=flowed"})
    void theseTypesAreReadAsText(String type) {
        assertThat(produced(type, "gate closes", 1).path("value").asString()).isEqualTo("gate closes");
    }

    /** The type is kept as a header of the record, except {@code application/octet-stream}, which says nothing. */
    @ParameterizedTest
    @CsvSource({
        "application/octet-stream, ",
        "image/png, image/png",
        "image/svg+xml, image/svg+xml",
        "audio/ogg;codecs=opus, audio/ogg;codecs=opus",
        "video/mp4, video/mp4",
        "font/woff2, font/woff2",
        "model/stl, model/stl",
        "application/pdf, application/pdf",
        "application/zip, application/zip",
        "application/gzip, application/gzip",
        "application/protobuf, application/protobuf",
        "application/x-protobuf, application/x-protobuf",
        "application/vnd.google.protobuf, application/vnd.google.protobuf",
        "application/avro, application/avro",
        "application/cbor, application/cbor",
        "application/senml+cbor, application/senml+cbor",
        "application/msgpack, application/msgpack",
        "application/vnd.apache.parquet, application/vnd.apache.parquet",
    })
    void theseTypesAreReadAsBytes(String type, String header) {
        JsonNode last = produced(type, "{\"value\":1}\n", 1);

        assertThat(new String(
                        Base64.getDecoder().decode(last.path("value_base64").asString())))
                .isEqualTo("{\"value\":1}\n");
        assertThat(last.path("headers").path(0).path("value").asString(null)).isEqualTo(header);
    }

    @Test
    void aRefusalListsTheAcceptedTypes() {
        Answer records = api.sendAs("POST", "/v1/topics/types/records", "text/csv", BodyPublishers.ofString("a,b"));
        assertThat(records.isProblem(415, "unsupported_media_type", null)
                        .path("accept")
                        .asString())
                .startsWith("application/json, application/x-ndjson, application/ndjson, ")
                .contains("text/plain", "application/octet-stream", "image/*")
                .isEqualTo(records.header("Accept"))
                .isEqualTo(records.header("Accept-Post"));

        Answer topic = api.sendAs("PATCH", "/v1/topics/types", "text/csv", BodyPublishers.ofString("a,b"));
        topic.isProblem(415, "unsupported_media_type", null);
        assertThat(topic.header("Accept-Patch")).isEqualTo("application/json, application/merge-patch+json");

        Answer zipped = api.post("/v1/topics/types/records", JSON, "{}", "Content-Encoding", "gzip");
        assertThat(zipped.header("Accept-Encoding")).isEqualTo("identity");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                               | application/json",
                "application/x-ndjson                           | application/x-ndjson",
                "application/jsonl                              | application/x-ndjson",
                "application/x-ndjson, application/json         | application/json",
                "application/json;q=0.5, application/x-ndjson   | application/x-ndjson",
                "application/json;q=0, */*                      | application/x-ndjson",
                "text/html, */*;q=0.1                           | application/json",
                "*/*                                            | application/json",
            })
    void readingIsAnsweredInThePreferredType(String accept, String type) {
        Answer answer = api.get("/v1/topics/types/partitions/0/records", "Accept", accept)
                .hasStatus(200);

        assertThat(answer.header("content-type")).startsWith(type);
    }

    /** Two lines of one header are one list. */
    @Test
    void severalLinesOfAcceptCount() {
        Answer answer = api.get(
                        "/v1/topics/types/partitions/0/records",
                        "Accept",
                        "application/json;q=0.2",
                        "Accept",
                        "application/x-ndjson")
                .hasStatus(200);

        assertThat(answer.header("content-type")).startsWith("application/x-ndjson");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/json",
                "application/json, text/plain, */*",
                "text/html, application/xhtml+xml, */*;q=0.8",
                "application/json, application/*+json"
            })
    void producingIsAnsweredAsJson(String accept) {
        api.post("/v1/topics/types/records", JSON, "{\"records\":[{\"value\":1}]}", "Accept", accept)
                .hasStatus(200);
    }

    /** Produces a body, checks how many records it became in a topic of one partition, and returns the last of them. */
    private static JsonNode produced(String type, String body, int records) {
        String topic = "t-" + UUID.randomUUID();
        api.post(api.topic(topic, 1), type, body).hasStatus(200);
        assertThat(api.records(topic, 0)).hasSize(records);
        return api.records(topic, 0).getLast();
    }
}
