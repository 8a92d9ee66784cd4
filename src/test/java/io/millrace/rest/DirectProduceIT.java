package io.millrace.rest;

import static io.millrace.rest.HttpApi.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.millrace.testing.Hub;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import tools.jackson.databind.JsonNode;

/** Plain requests to produce do not go through WebFlux, and are answered as if they did. */
class DirectProduceIT {

    private static final String RECORDS = "/v1/topics/direct/records";

    /** The same type to any reader, but not plain. */
    private static final String JSON_AND_CHARSET = "application/json;charset=UTF-8";

    private static final AtomicInteger throughWebFlux = new AtomicInteger();

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        hub = Hub.start("millrace.limits.max-request-bytes=100KB");
        api = HttpApi.of(hub);
        hub.createTopic("direct", 1);
        hub.bean(ObservationRegistry.class).observationConfig().observationHandler(new Counter());
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    /** When topics change, the node may forget for a moment which topics it knows. */
    @BeforeEach
    void untilTheTopicIsKnown() {
        await().until(() -> {
            throughWebFlux.set(0);
            api.post(RECORDS, JSON, "{\"records\":[{\"value\":\"known?\"}]}").hasStatus(200);
            return throughWebFlux.get() == 0;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {RECORDS, RECORDS + "?acks=1"})
    void aPlainRequestIsStored(String path) {
        Answer answer = api.post(
                path,
                JSON,
                "{\"records\":[{\"key\":\"a\",\"value\":{\"n\":1}},{\"value\":null}]}",
                "X-Request-Id",
                "me");

        assertThat(throughWebFlux).hasValue(0);
        assertThat(answer.hasStatus(200).header("x-request-id")).isEqualTo("me");
        JsonNode results = answer.json().path("results");
        long offset = results.path(0).path("offset").asLong();
        assertThat(results.path(1).path("offset").asLong()).isEqualTo(offset + 1);
        JsonNode stored = api.records("direct", 0).get((int) offset);
        assertThat(stored.path("key").asString()).isEqualTo("a");
        assertThat(stored.path("value").toString()).isEqualTo("{\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"records\":[{\"value\":1},]}",
                "{\"records\":[]}",
                "{\"records\":[{\"value\":1,\"partition\":7}]}",
                "{\"records\":[{\"value\":1,\"unknown\":7}]}",
                "[]",
            })
    void invalidRequestsAreRefusedInTheSameWords(String body) {
        Answer direct = api.post(RECORDS, JSON, body);
        assertThat(throughWebFlux).hasValue(0);
        Answer throughAll = api.post(RECORDS, JSON_AND_CHARSET, body);
        assertThat(throughWebFlux).hasValue(1);
        assertThat(api.post(RECORDS + "?acks=1", JSON, body).text()).isEqualTo(direct.text());
        assertThat(throughWebFlux).hasValue(1);

        assertThat(direct.status()).isBetween(400, 499).isEqualTo(throughAll.status());
        assertThat(direct.text()).isEqualTo(throughAll.text());
        assertThat(direct.header("content-type")).isEqualTo(throughAll.header("content-type"));
        assertThat(direct.header("x-request-id")).isNotBlank();
    }

    @Test
    void aBodyThatIsTooLongIsRefused() {
        String body = "{\"records\":[{\"value\":\"" + "x".repeat(200_000) + "\"}]}";

        api.post(RECORDS, JSON, body).isProblem(413, "request_too_large", null);
        assertThat(throughWebFlux).hasValue(0);
        api.post(RECORDS, JSON, "{\"records\":[{\"value\":\"the next one on its connection\"}]}")
                .hasStatus(200);
    }

    @Test
    void requestsThatAreNotPlainGoThroughWebFlux() {
        String body = "{\"records\":[{\"value\":1}]}";

        api.post(RECORDS + "?acks=0", JSON, body).hasStatus(202);
        api.post(RECORDS, "text/plain", "a").hasStatus(200);
        api.post(RECORDS, JSON, body, "Idempotency-Key", "a").isProblem(501, "unsupported_feature", null);
        api.post(RECORDS, JSON, body, "Content-Encoding", "gzip").isProblem(415, "unsupported_content_encoding", null);
        api.post("/v1/topics/nowhere/records", JSON, body).isProblem(404, "unknown_topic", null);
        api.get(RECORDS).isProblem(405, "method_not_allowed", null);

        assertThat(throughWebFlux).hasValue(6);
    }

    @Test
    void aTopicThatWasDeletedIsUnknown() {
        hub.createTopic("short-lived", 1);
        String path = "/v1/topics/short-lived/records";
        String body = "{\"records\":[{\"value\":1}]}";
        api.post(path, JSON, body).hasStatus(200);
        api.send("DELETE", "/v1/topics/short-lived", BodyPublishers.noBody()).hasStatus(204);

        await().untilAsserted(() -> api.post(path, JSON, body).isProblem(404, "unknown_topic", null));
    }

    @Test
    void bothCountInTheSameMetric() {
        double before = answered();

        api.post(RECORDS, JSON, "{\"records\":[{\"value\":1}]}").hasStatus(200);
        api.post(RECORDS, JSON_AND_CHARSET, "{\"records\":[{\"value\":1}]}").hasStatus(200);

        await().untilAsserted(() -> assertThat(answered()).isEqualTo(before + 2));
    }

    private static double answered() {
        return hub
                .bean(MeterRegistry.class)
                .get("http.server.requests")
                .tags("method", "POST", "uri", "/v1/topics/{topic}/records", "status", "200", "outcome", "SUCCESS")
                .timers()
                .stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    private static final class Counter implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof ServerRequestObservationContext;
        }

        @Override
        public void onStart(Observation.Context context) {
            throughWebFlux.incrementAndGet();
        }
    }
}
