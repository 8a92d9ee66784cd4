package io.millrace.rest;

import static io.millrace.rest.GroupMember.numbers;
import static io.millrace.rest.GroupMember.offset;
import static io.millrace.rest.GroupMember.values;
import static io.millrace.rest.HttpApi.JSON;
import static io.millrace.rest.HttpApi.elements;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Groups as operators see them, on either of two nodes. */
class GroupControllerIT {

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
    void aGroupIsDescribedWithItsMembersAndItsLag() {
        hub.createTopic("lag", 2);
        GroupMember member = join("lag", "lag", ",\"assignor\":\"range\",\"instance_id\":\"worker\"");
        api.produce("lag", 0, "a", "b", "c");
        long anHourAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
        api.post(
                        "/v1/topics/lag/records",
                        JSON,
                        "{\"records\":[{\"partition\":1,\"value\":\"d\",\"timestamp\":" + anHourAgo + "}]}")
                .hasStatus(200);
        member.commit("\"offsets\":[{\"topic\":\"lag\",\"partition\":0,\"next_offset\":1,\"metadata\":\"half"
                        + " \\\"way\"}]")
                .hasStatus(200);

        Answer described = otherApi.get("/v1/groups/lag").hasStatus(200);
        JsonNode group = described.json();
        String epoch = group.path("epoch").asString();
        JsonNode offsets = group.path("offsets");

        assertThat(described.text())
                .startsWith("{\"group\":\"lag\",\"state\":\"stable\",\"epoch\":" + epoch + ",\"assignor\":\"range\","
                        + "\"created_at\":")
                .contains("\"members\":[{\"member_id\":\"" + member.id() + "\",\"instance_id\":\"worker\","
                        + "\"protocol\":\"rest\",\"topics\":[\"lag\"],\"epoch\":" + epoch + ",\"assignment\":["
                        + "{\"topic\":\"lag\",\"partition\":0},{\"topic\":\"lag\",\"partition\":1}],\"idle\":false}]");
        assertThat(offsets.path(0).toString())
                .startsWith(
                        "{\"topic\":\"lag\",\"partition\":0,\"next_offset\":1,\"end_offset\":3,\"lag\":2,\"lag_ms\":")
                .contains("\"metadata\":\"half \\\"way\",\"committed_at\":\"")
                .endsWith(",\"member_id\":\"" + member.id() + "\"}");
        assertThat(offsets.path(1).toString())
                .startsWith(
                        "{\"topic\":\"lag\",\"partition\":1,\"next_offset\":0,\"end_offset\":1,\"lag\":1,\"lag_ms\":")
                .endsWith(",\"metadata\":null,\"committed_at\":null,\"member_id\":\"" + member.id() + "\"}");
        assertThat(group.path("lag").asLong()).isEqualTo(3);
        assertThat(group.path("lag_ms").asLong())
                .isEqualTo(Math.max(
                        offsets.path(0).path("lag_ms").asLong(),
                        offsets.path(1).path("lag_ms").asLong()))
                .isBetween(
                        Duration.ofHours(1).toMillis(),
                        Duration.ofHours(1).plusMinutes(1).toMillis());

        JsonNode only = api.get("/v1/groups/lag/offsets").hasStatus(200).json();
        assertThat(only.propertyNames()).containsExactly("group", "offsets");
        assertThat(elements(only.path("offsets")))
                .extracting(row -> row.path("lag").asLong())
                .containsExactly(2L, 1L);
        member.commit("\"offsets\":[" + offset("lag", 0, 3) + "," + offset("lag", 1, 1) + "]")
                .hasStatus(200);
        JsonNode done = api.get("/v1/groups/lag").json();
        assertThat(done.path("lag").asLong() + done.path("lag_ms").asLong()).isZero();
    }

    @Test
    void aGroupIsRebalancingWhileAPartitionIsGivenUpAndEmptyInTheEnd() {
        hub.createTopic("state", 2);
        GroupMember one = join("state", "state", "");
        assertThat(state("state")).isEqualTo("stable");
        GroupMember two = join("state", "state", "");
        assertThat(state("state")).isEqualTo("rebalancing");
        one.read("");
        one.heartbeat();
        assertThat(state("state")).isEqualTo("stable");
        one.leave().hasStatus(204);
        two.leave().hasStatus(204);

        assertThat(state("state")).isEqualTo("empty");
        assertThat(api.get("/v1/groups/state").json().path("members").toString())
                .isEqualTo("[]");
        assertThat(elements(api.get("/v1/groups/state").json().path("offsets")))
                .hasSize(2)
                .allMatch(row -> row.path("member_id").isNull());
    }

    @Test
    void groupsAreListedByPagesInTheOrderOfTheirNames() {
        hub.createTopic("list", 1);
        for (String name : List.of("list.c", "list.a", "list.e", "list.B", "list.d")) {
            join(name, "list", "");
        }

        List<String> pages = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = otherApi.get("/v1/groups?prefix=list.&limit=2" + next)
                    .hasStatus(200)
                    .json();
            pages.add(String.join(" ", page.path("groups").findValuesAsString("group")));
            next = page.path("next").isNull()
                    ? null
                    : "&after=" + page.path("next").asString();
        } while (next != null);

        assertThat(pages).containsExactly("list.B list.a", "list.c list.d", "list.e");
        assertThat(api.get("/v1/groups?prefix=none").hasStatus(200).text()).isEqualTo("{\"groups\":[],\"next\":null}");
        String row = api.get("/v1/groups?prefix=list.a")
                .json()
                .path("groups")
                .path(0)
                .toString();
        assertThat(row).matches("\\{\"group\":\"list.a\",\"state\":\"stable\",\"epoch\":\\d+,\"members\":1}");
    }

    @Test
    void aResetMovesTheGroupAndADryRunOnlyShowsIt() {
        hub.createTopic("reset", 2);
        hub.createTopic("reset-other", 1);
        GroupMember member = join("reset", "reset*", "");
        api.produce("reset", 0, "a", "b", "c");
        api.produce("reset", 1, "d");
        api.produce("reset-other", 0, "e");
        Answer read = member.read("");
        member.commit("\"offsets\":[" + offset("reset", 0, 3) + "," + offset("reset", 1, 1) + ","
                        + offset("reset-other", 0, 1) + "]")
                .hasStatus(200);
        String cursor = "?cursor=" + read.json().path("cursor").asString();
        assertThat(values(member.read(cursor))).isEmpty();

        Answer dry = reset("?dry_run=true", "{\"to\":\"earliest\",\"topics\":[\"reset\"]}");
        assertThat(dry.text())
                .isEqualTo("{\"group\":\"reset\",\"dry_run\":true,\"offsets\":["
                        + "{\"topic\":\"reset\",\"partition\":0,\"before\":3,\"after\":0},"
                        + "{\"topic\":\"reset\",\"partition\":1,\"before\":1,\"after\":0}]}");
        assertThat(nextOffsets("reset")).containsExactly(3L, 1L, 1L);
        assertThat(values(member.read(""))).isEmpty();

        long epoch = read.json().path("epoch").asLong();
        Answer moved = otherReset("{\"to\":\"earliest\",\"topics\":[\"reset\"]}");
        assertThat(moved.text()).isEqualTo(dry.text().replace("true", "false"));
        // The member notices: its cursor is ignored, and its epoch is stale.
        member.commit("\"epoch\":" + epoch + ",\"offsets\":[" + offset("reset", 0, 3) + "]")
                .isProblem(409, "stale_member_epoch", null);
        assertThat(values(member.read(cursor))).containsExactlyInAnyOrder("a", "b", "c", "d");

        assertThat(after(reset("", "{\"to\":{\"shift\":2}}"))).containsExactly(2L, 1L, 1L);
        assertThat(after(reset("", "{\"to\":{\"shift\":-1},\"partitions\":[{\"topic\":\"reset\",\"partition\":0}]}")))
                .containsExactly(1L);
        assertThat(nextOffsets("reset")).containsExactly(1L, 1L, 1L);
        assertThat(after(reset("", "{\"to\":{\"offset\":2}}"))).containsExactly(2L, 1L, 1L);
        assertThat(after(reset("", "{\"to\":{\"timestamp\":0}}"))).containsExactly(0L, 0L, 0L);
        assertThat(after(reset("", "{\"to\":{\"timestamp\":253402300799999}}"))).containsExactly(3L, 1L, 1L);
        assertThat(after(reset("", "{\"to\":{\"shift\":-9223372036854775808}}")))
                .containsExactly(0L, 0L, 0L);
        assertThat(after(reset(
                        "",
                        "{\"to\":\"latest\",\"topics\":[\"reset-other\"],"
                                + "\"partitions\":[{\"topic\":\"reset\",\"partition\":1}]}")))
                .containsExactly(1L, 1L);
        assertThat(nextOffsets("reset")).containsExactly(0L, 1L, 1L);
    }

    @Test
    void aResetIsNotUndoneByCommitsOfEarlierReads() {
        hub.createTopic("undone", 2);
        GroupMember member = join("undone", "undone", "");
        api.produce("undone", 0, "a");
        api.produce("undone", 1, "b");
        long before =
                member.read("").json().path("partitions").path(0).path("epoch").asLong();
        api.patch(
                        "/v1/groups/undone/offsets",
                        "{\"to\":\"earliest\",\"partitions\":[{\"topic\":\"undone\",\"partition\":1}]}")
                .hasStatus(200);

        member.commit("\"offsets\":[" + since("undone", 1, before, 1) + "]")
                .isProblem(409, "stale_member_epoch", "#/offsets/0");
        assertThat(nextOffsets("undone")).containsExactly(0L, 0L);
        member.commit("\"offsets\":[" + since("undone", 0, before, 1) + "]").hasStatus(200);
        assertThat(nextOffsets("undone")).containsExactly(1L, 0L);

        JsonNode again = member.read("").json().path("partitions").path(0);
        assertThat(again.path("partition").asInt()).isEqualTo(1);
        member.commit("\"offsets\":[" + since("undone", 1, again.path("epoch").asLong(), 1) + "]")
                .hasStatus(200);
        assertThat(nextOffsets("undone")).containsExactly(1L, 1L);
    }

    private static String since(String topic, int partition, long epoch, long nextOffset) {
        return "{\"topic\":\"" + topic + "\",\"partition\":" + partition + ",\"epoch\":" + epoch + ",\"next_offset\":"
                + nextOffset + "}";
    }

    @Test
    void aWaitingMemberNoticesAReset() throws Exception {
        hub.createTopic("wake", 1);
        GroupMember member = join("wake", "wake", "");
        api.produce("wake", 0, "a");
        member.commit("wake", 0, 1).hasStatus(200);
        var waiting = member.readLater("?wait=60s");

        api.patch("/v1/groups/wake/offsets", "{\"to\":\"earliest\"}").hasStatus(200);

        Answer told = waiting.get(10, java.util.concurrent.TimeUnit.SECONDS);
        String cursor = "?cursor=" + told.hasStatus(200).json().path("cursor").asString();
        assertThat(values(told).isEmpty() ? values(member.read(cursor)) : values(told))
                .containsExactly("a");
    }

    @Test
    void aGroupIsDeletedOnceItIsEmpty() {
        hub.createTopic("delete", 1);
        GroupMember member = join("delete", "delete", ",\"from\":\"earliest\"");
        api.produce("delete", 0, "a");
        member.commit("delete", 0, 1).hasStatus(200);
        delete(api, "delete").isProblem(409, "group_not_empty", null);
        assertThat(nextOffsets("delete")).containsExactly(1L);
        member.leave().hasStatus(204);

        assertThat(delete(otherApi, "delete").hasStatus(204).body()).isEmpty();

        api.get("/v1/groups/delete").isProblem(404, "unknown_group", null);
        delete(api, "delete").isProblem(404, "unknown_group", null);
        member.read("").isProblem(404, "unknown_group", null);
        GroupMember again = join("delete", "delete", ",\"from\":\"earliest\"");
        assertThat(values(again.read(""))).containsExactly("a");
        assertThat(numbers(again.joined().path("assignment"))).containsExactly(0);
    }

    @Test
    void theLimitsAreStated() {
        assertThat(api.get("/v1/limits").json().propertyNames())
                .contains(
                        "max_topic_name_chars",
                        "max_group_name_chars",
                        "max_members_per_group",
                        "max_topics_per_member",
                        "max_offsets_per_request",
                        "max_offset_metadata_chars",
                        "min_session_timeout_ms",
                        "max_session_timeout_ms");
    }

    private static GroupMember join(String group, String topic, String fields) {
        return GroupMember.join(List.of(api, otherApi), group, topic, fields);
    }

    private static String state(String group) {
        String described = api.get("/v1/groups/" + group).json().path("state").asString();
        JsonNode listed = otherApi.get("/v1/groups?prefix=" + group).json().path("groups");
        assertThat(listed.path(0).path("state").asString()).isEqualTo(described);
        return described;
    }

    private static List<Long> nextOffsets(String group) {
        return elements(api.get("/v1/groups/" + group + "/offsets").json().path("offsets")).stream()
                .map(row -> row.path("next_offset").asLong())
                .toList();
    }

    private static Answer reset(String query, String body) {
        return api.patch("/v1/groups/reset/offsets" + query, body).hasStatus(200);
    }

    private static Answer otherReset(String body) {
        return otherApi.patch("/v1/groups/reset/offsets?dry_run=false", body).hasStatus(200);
    }

    private static List<Long> after(Answer reset) {
        return elements(reset.json().path("offsets")).stream()
                .map(row -> row.path("after").asLong())
                .toList();
    }

    private static Answer delete(HttpApi node, String group) {
        return node.send("DELETE", "/v1/groups/" + group, BodyPublishers.noBody());
    }
}
