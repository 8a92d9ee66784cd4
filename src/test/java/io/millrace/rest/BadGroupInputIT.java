package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bad input to groups is refused with its place and changes nothing, not even the end of a member's session. */
class BadGroupInputIT {

    private static Hub hub;
    private static HttpApi api;
    private static JdbcClient jdbc;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        api = HttpApi.of(hub);
        jdbc = hub.bean(JdbcClient.class);
        hub.createTopic(BadGroups.OTHER_TOPIC, 1);
        String records = api.topic(BadRequest.TOPIC, 2);
        api.post(records, HttpApi.JSON, "{\"records\":[{\"partition\":0},{\"partition\":0},{\"partition\":1}]}")
                .hasStatus(200);
        GroupMember member = GroupMember.join(
                List.of(api),
                BadGroups.GROUP,
                BadRequest.TOPIC,
                ",\"session_timeout_ms\":1800000,\"from\":\"earliest\"");
        jdbc.sql("update millrace.group_member set member_id = :name where member_id = :id")
                .param("name", BadGroups.MEMBER)
                .param("id", member.id())
                .update();
        jdbc.sql("update millrace.committed_offset set owner = :name where owner = :id")
                .param("name", BadGroups.MEMBER)
                .param("id", member.id())
                .update();
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    static Stream<BadRequest> badRequests() {
        return Stream.of(
                        BadGroups.joins(),
                        BadGroups.reads(),
                        BadGroups.commits(),
                        BadGroups.heartbeats(),
                        BadGroups.resets(),
                        BadGroups.others())
                .flatMap(table -> table);
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void isRefusedAndChangesNothing(BadRequest bad) throws Exception {
        String before = everything();

        Answer answer = RawHttp.exchange(hub, bad.bytes());

        answer.isProblem(bad.status(), bad.code(), bad.pointer());
        assertThat(everything()).isEqualTo(before);
    }

    private static String everything() {
        return String.join(
                "\n",
                rows("consumer_group", "name"),
                rows("group_member", "member_id"),
                rows("committed_offset", "partition_id"));
    }

    private static String rows(String table, String order) {
        String rows = jdbc.sql("select json_agg(t order by t." + order + ")::text from millrace." + table + " t")
                .query(String.class)
                .single();
        assertThat(rows).isNotNull();
        return rows;
    }
}
