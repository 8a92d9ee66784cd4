package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import io.millrace.topic.Topics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Endless NDJSON bodies, as {@code tail -f | curl -T -} sends them. */
class LiveLinesIT {

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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLineIsVisibleOnceItHasArrived(boolean expects) throws Exception {
        String topic = "live-" + expects;
        api.topic(topic, 1);
        try (RawHttp tail = begin(topic, expects ? "Expect: 100-continue\r\n" : "")) {
            if (expects) {
                tail.read().hasStatus(100);
            }
            for (int i = 0; i < 5; i++) {
                chunk(tail, "{\"value\":" + i + "}\n");
                awaitCount(topic, i + 1);
            }
            chunk(tail, "{\"val");
            chunk(tail, "ue\":5}\n{\"value\":6}\n{\"value\":");
            awaitCount(topic, 7);
            chunk(tail, "7}");
            tail.send("0\r\n\r\n");
            assertThat(tail.read().hasStatus(200).json().path("records").asInt())
                    .isEqualTo(8);
        }
        assertThat(api.records(topic, 0))
                .extracting(record -> record.path("value").asInt())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    /** Complete lines are stored; an unterminated line is not, although it would be a record by itself. */
    @ParameterizedTest
    @CsvSource({"end, ", "reset, ", "broken, 400"})
    void completeLinesStayWhenTheBodyBreaks(String how, Integer status) throws Exception {
        String topic = "cut-" + how;
        String path = api.topic(topic, 1);
        // A body is read only once the node knows its topic: this request makes it look the topic up.
        api.post(path, HttpApi.NDJSON, "").hasStatus(200);
        try (RawHttp tail = begin(topic, "")) {
            chunk(tail, "{\"value\":1}\n{\"value\":2}\n{\"value\":3}");
            switch (how) {
                case "end" -> tail.endRequest();
                case "reset" -> {
                    awaitCount(topic, 2);
                    tail.reset();
                }
                default -> tail.send("zz\r\n");
            }
            if (status != null) {
                JsonNode problem = tail.read().isProblem(status, "invalid_request", null);
                assertThat(problem.path("records_stored").asInt(-1)).isEqualTo(2);
            }
            awaitCount(topic, 2);
        }
        api.post(path, HttpApi.JSON, "{\"records\":[{\"value\":4}]}").hasStatus(200);
        assertThat(api.records(topic, 0))
                .extracting(record -> record.path("value").asInt())
                .containsExactly(1, 2, 4);
    }

    @Test
    void theDeletionOfATopicEndsItsBodies() throws Exception {
        String path = api.topic("gone", 1);
        try (RawHttp client = begin("gone", "")) {
            chunk(client, "{\"value\":1}\n");
            awaitCount("gone", 1);
            hub.bean(Topics.class).delete("gone", _ -> true);
            hub.createTopic("gone", 1);
            chunk(client, "{\"value\":2}\n");
            JsonNode problem = client.read().isProblem(404, "unknown_topic", null);
            assertThat(problem.path("records_stored").asInt(-1)).isEqualTo(1);
        }
        assertThat(api.post(path, HttpApi.NDJSON, "{}\n").status()).isEqualTo(200);
    }

    private static RawHttp begin(String topic, String header) throws Exception {
        RawHttp client = new RawHttp(hub);
        client.send("POST /v1/topics/" + topic + "/records HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-ndjson\r\n" + header + "Transfer-Encoding: chunked\r\n\r\n");
        return client;
    }

    private static void chunk(RawHttp client, String data) throws Exception {
        client.send(Integer.toHexString(data.length()) + "\r\n" + data + "\r\n");
    }

    private static void awaitCount(String topic, long records) {
        await("lines are visible while the body goes on").until(() -> api.count(topic) == records);
    }
}
