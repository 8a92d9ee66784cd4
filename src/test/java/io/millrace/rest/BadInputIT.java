package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bad input is refused with its place and changes nothing. */
class BadInputIT {

    private static Hub hub;
    private static HttpApi api;
    private static JdbcClient jdbc;

    private long recordsBefore;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        api = HttpApi.of(hub);
        api.topic(BadRequest.TOPIC, 2);
        jdbc = hub.bean(JdbcClient.class);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    static Stream<BadRequest> badRequests() {
        return Stream.of(
                        BadRecords.envelopes(),
                        BadRecords.fields(),
                        BadRecords.values(),
                        BadRecords.lines(),
                        BadTopics.creations(),
                        BadTopics.others(),
                        BadTopics.deletions(),
                        BadTopics.retentions(),
                        BadHttp.reads(),
                        BadHttp.paths(),
                        BadHttp.bodies(),
                        BadTypes.bodies(),
                        BadTypes.answers())
                .flatMap(table -> table);
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void isRefused(BadRequest bad) throws Exception {
        Answer answer = RawHttp.exchange(hub, bad.bytes());

        answer.isProblem(bad.status(), bad.code(), bad.pointer());
    }

    static Stream<BadRequest> garbage() {
        return BadHttp.garbage();
    }

    @ParameterizedTest
    @MethodSource
    void garbage(BadRequest bad) throws Exception {
        Answer answer = RawHttp.exchange(hub, bad.bytes());

        answer.isProblemWithoutPath(bad.status(), bad.code());
    }

    @BeforeEach
    void count() {
        recordsBefore = records();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(records()).isEqualTo(recordsBefore);
        assertThat(api.get("/v1/topics").json().path("topics").findValuesAsString("name"))
                .containsExactly(BadRequest.TOPIC);
    }

    @Test
    void aMethodNotAllowedIsAnsweredWithThoseThatAre() {
        Answer answer =
                api.send("PUT", "/v1/topics/" + BadRequest.TOPIC, java.net.http.HttpRequest.BodyPublishers.noBody());

        answer.isProblem(405, "method_not_allowed", null);
        assertThat(answer.header("allow").split(",")).containsExactlyInAnyOrder("GET", "PATCH", "DELETE");
    }

    private static long records() {
        return jdbc.sql("select count(*) from millrace.record")
                .query(Long.class)
                .single();
    }
}
