package io.millrace.rest;

import static io.millrace.rest.BadRequest.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Nothing of a broken body is kept, however it is sent. */
class BrokenBodyIT {

    private static final String RECORDS = "POST /v1/topics/" + TOPIC + "/records";
    private static final String JSON = "Content-Type: application/json\r\n";

    private static Hub hub;
    private static HttpApi api;
    private static GroupMember member;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        api = HttpApi.of(hub);
        api.topic(TOPIC, 1);
        api.post("/v1/topics/" + TOPIC + "/records", HttpApi.JSON, "{\"records\":[{\"value\":1}]}")
                .hasStatus(200);
        member = GroupMember.join(List.of(api), "billing", TOPIC, ",\"session_timeout_ms\":1800000");
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    static Stream<BrokenBody> bodies() {
        String offsets = "{\"offsets\":[{\"topic\":\"" + TOPIC + "\",\"partition\":0,\"next_offset\":1}]}";
        return Stream.of(
                        BrokenBody.of("records", RECORDS, JSON, "{\"records\":[{\"value\":2}]}"),
                        BrokenBody.of("a line", RECORDS, "Content-Type: application/x-ndjson\r\n", "{\"value\":2}"),
                        BrokenBody.of("text", RECORDS, "Content-Type: text/plain\r\n", "gate closes"),
                        BrokenBody.of("bytes", RECORDS, "Content-Type: application/octet-stream\r\n", "\u0001\u00ff"),
                        BrokenBody.of("a topic", "POST /v1/topics", JSON, "{\"name\":\"other\"}"),
                        BrokenBody.of(
                                "a change", "PATCH /v1/topics/" + TOPIC, JSON, "{\"config\":{\"retention_ms\":1000}}"),
                        BrokenBody.of(
                                "a member", "POST /v1/groups/other/members", JSON, "{\"topics\":[\"" + TOPIC + "\"]}"),
                        BrokenBody.of(
                                "a commit",
                                "POST /v1/groups/billing/members/" + member.id() + "/offsets",
                                JSON,
                                offsets),
                        BrokenBody.of("a reset", "PATCH /v1/groups/billing/offsets", JSON, "{\"to\":\"latest\"}"))
                .flatMap(ways -> ways);
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void leavesNothingBehind(BrokenBody broken) throws Exception {
        String before = state();

        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(broken.bytes());
            if (broken.cut()) {
                connection.endRequest();
                assertThat(connection.rest()).doesNotContain("HTTP/1.1 2");
            } else {
                connection.read().isProblemWithoutPath(400, "invalid_request");
                assertThat(connection.rest()).as("after the answer").isEmpty();
            }
        }

        assertThat(state()).isEqualTo(before);
    }

    @Test
    void aBrokenBodyInAPipelineIsAnsweredInItsTurn() throws Exception {
        String good = "Content-Length: 25\r\n\r\n{\"records\":[{\"value\":2}]}";
        String broken = "Transfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\nzz\r\n";
        long before = api.count(TOPIC);

        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(RECORDS + " HTTP/1.1\r\nHost: localhost\r\n" + JSON + good + RECORDS
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n" + broken + RECORDS
                    + " HTTP/1.1\r\nHost: localhost\r\n" + JSON + good);

            connection.read().hasStatus(200);
            connection.read().isProblem(400, "invalid_request", null);
            assertThat(connection.rest()).as("nothing follows").isEmpty();
        }

        assertThat(api.count(TOPIC)).isEqualTo(before + 1);
    }

    @Test
    void completeBodiesAreAcceptedInChunksOfAnySize() throws Exception {
        long before = api.count(TOPIC);
        try (RawHttp connection = new RawHttp(hub)) {
            for (String type : new String[] {"application/json", "application/x-ndjson", "text/plain", "image/png"}) {
                String body = type.equals("application/json") ? "{\"records\":[{\"value\":2}]}" : "{\"value\":2}";
                connection.send(RECORDS + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: Chunked\r\nContent-Type: "
                        + type + "\r\n\r\n");
                for (char character : body.toCharArray()) {
                    connection.send("1;ext=1\r\n" + character + "\r\n");
                }
                connection.send("0\r\nX-Checksum: 1\r\n\r\n");
                connection.read().hasStatus(200);
            }
        }
        assertThat(api.count(TOPIC)).isEqualTo(before + 4);
    }

    @Test
    void aRequestWithoutABodyIsRefused() throws Exception {
        String before = state();
        for (String version : new String[] {"HTTP/1.0", "HTTP/1.1"}) {
            for (String type : new String[] {"application/json", "application/x-ndjson", "text/plain", "image/png"}) {
                String head =
                        RECORDS + " " + version + "\r\nHost: localhost\r\nConnection: close\r\nContent-Type: " + type;
                RawHttp.exchange(hub, BadRequest.latin1(head + "\r\n\r\n")).isProblem(400, "invalid_request", "#");
            }
        }
        assertThat(state()).isEqualTo(before);
    }

    /** All that a request could have changed. */
    private static String state() {
        return api.count(TOPIC)
                + api.get("/v1/topics").text()
                + api.get("/v1/topics/" + TOPIC).text()
                + api.get("/v1/groups/billing/offsets").text().replaceAll("\"lag_ms\":\\d+", "")
                + hub.bean(JdbcClient.class)
                        .sql("select count(*) from millrace.group_member")
                        .query(Long.class)
                        .single();
    }
}
