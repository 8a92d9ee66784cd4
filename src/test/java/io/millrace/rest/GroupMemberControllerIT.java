package io.millrace.rest;

import static io.millrace.rest.GroupMember.join;
import static io.millrace.rest.GroupMember.numbers;
import static io.millrace.rest.GroupMember.offset;
import static io.millrace.rest.GroupMember.values;
import static io.millrace.rest.HttpApi.JSON;
import static io.millrace.rest.HttpApi.elements;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Members without a connection, whose calls alternate between two nodes. */
class GroupMemberControllerIT {

    private static Hub hub;
    private static Hub otherHub;
    private static List<HttpApi> nodes;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        hub = Hub.start(database);
        otherHub = Hub.start(database);
        nodes = List.of(HttpApi.of(hub), HttpApi.of(otherHub));
    }

    @AfterAll
    static void stop() {
        nodes.forEach(HttpApi::close);
        otherHub.close();
        hub.close();
    }

    @Test
    void aMemberJoinsReadsCommitsAndReadsOn() {
        hub.createTopic("basic", 1);
        nodes.getFirst().produce("basic", 0, "a", "b", "c");

        Answer joined = nodes.getFirst()
                .post("/v1/groups/basics/members", JSON, "{\"topics\":[\"basic\"],\"from\":\"earliest\"}")
                .hasStatus(201);
        String id = joined.json().path("member_id").asString();
        long epoch = joined.json().path("epoch").asLong();

        assertThat(joined.header("location")).isEqualTo("/v1/groups/basics/members/" + id);
        assertThat(joined.text())
                .isEqualTo("{\"group\":\"basics\",\"member_id\":\"" + id + "\",\"epoch\":" + epoch
                        + ",\"assignment\":[{\"topic\":\"basic\",\"partition\":0,\"epoch\":" + epoch
                        + ",\"next_offset\":0}],\"heartbeat_ms\":15000,\"session_timeout_ms\":45000}");

        String records = "/v1/groups/basics/members/" + id + "/records";
        Answer read = nodes.get(1).get(records + "?limit=2").hasStatus(200);
        JsonNode plain = nodes.getFirst()
                .get("/v1/topics/basic/partitions/0/records?limit=2")
                .json();
        String cursor = read.json().path("cursor").asString();
        assertThat(read.header("content-type")).isEqualTo(JSON);
        assertThat(read.text())
                .isEqualTo("{\"group\":\"basics\",\"member_id\":\"" + id + "\",\"epoch\":" + epoch
                        + ",\"assignment\":[{\"topic\":\"basic\",\"partition\":0,\"epoch\":" + epoch
                        + "}],\"revoking\":[],\"partitions\":[{\"topic\":\"basic\",\"partition\":0,\"epoch\":" + epoch
                        + ",\"records\":" + plain.path("records") + ",\"next_offset\":2,\"high_watermark\":3}],"
                        + "\"cursor\":\"" + cursor + "\"}");

        Answer committed = nodes.getFirst()
                .post(
                        "/v1/groups/basics/members/" + id + "/offsets",
                        JSON,
                        "{\"epoch\":" + epoch + ",\"offsets\":[" + offset("basic", 0, 2) + "]}")
                .hasStatus(200);
        assertThat(committed.text())
                .isEqualTo("{\"group\":\"basics\",\"member_id\":\"" + id + "\",\"epoch\":" + epoch + "}");
        assertThat(values(nodes.get(1).get(records))).containsExactly("c");
    }

    @Test
    void fromAppliesOnlyWhereTheGroupHasNoOffset() {
        hub.createTopic("from", 1);
        nodes.getFirst().produce("from", 0, "a", "b", "c");
        long millis = record("from", 0, 1).path("timestamp").asLong();

        assertThat(values(join(nodes, "from-earliest", "from", ",\"from\":\"earliest\"")
                        .read("")))
                .containsExactly("a", "b", "c");
        assertThat(values(join(nodes, "from-text", "from", ",\"from\":\"0\"").read("")))
                .hasSize(3);
        assertThat(values(
                        join(nodes, "from-time", "from", ",\"from\":" + millis).read("")))
                .contains("b", "c");
        assertThat(values(join(nodes, "from-latest", "from", ",\"from\":\"latest\"")
                        .read("")))
                .isEmpty();
        GroupMember first = join(nodes, "from-committed", "from", ",\"from\":\"earliest\"");
        first.commit("from", 0, 2).hasStatus(200);
        first.leave().hasStatus(204);
        assertThat(values(join(nodes, "from-committed", "from", ",\"from\":\"earliest\"")
                        .read("")))
                .containsExactly("c");
    }

    @Test
    void aSecondMemberGetsItsShareOnceTheFirstHasReleasedIt() throws Exception {
        hub.createTopic("share", 2);
        GroupMember one = join(nodes, "share", "share", "");
        nodes.getFirst().produce("share", 0, "a", "b");
        nodes.getFirst().produce("share", 1, "c", "d");
        Answer before = one.read("");
        long epoch = before.json().path("epoch").asLong();
        assertThat(values(before)).hasSize(4);
        String cursor = "&cursor=" + before.json().path("cursor").asString();

        // A wait ends when the assignment changes, not when a record comes.
        CompletableFuture<Answer> waiting = one.readLater("?wait=60s" + cursor);
        GroupMember two = join(nodes, "share", "share", "");
        assertThat(elements(two.joined().path("assignment"))).isEmpty();
        JsonNode told = waiting.get(10, TimeUnit.SECONDS).hasStatus(200).json();
        assertThat(elements(told.path("partitions"))).isEmpty();
        assertThat(numbers(told.path("assignment"))).containsExactly(0, 1);
        assertThat(told.path("epoch").asLong()).isGreaterThan(epoch);
        int moving = numbers(told.path("revoking")).getFirst();
        assertThat(numbers(told.path("revoking"))).hasSize(1);

        one.commit("\"epoch\":" + epoch + ",\"offsets\":[" + offset("share", moving, 1) + "]")
                .isProblem(409, "stale_member_epoch", null);
        one.read("?epoch=" + epoch).isProblem(409, "stale_member_epoch", null);
        assertThat(elements(two.heartbeat().json().path("assignment")))
                .as("the first has not released it")
                .isEmpty();

        long now = told.path("epoch").asLong();
        one.commit("\"epoch\":" + now + ",\"offsets\":[" + offset("share", moving, 1) + "]")
                .hasStatus(200);
        JsonNode after = one.heartbeat("{\"epoch\":" + now + "}").hasStatus(200).json();
        assertThat(numbers(after.path("assignment"))).hasSize(1).doesNotContain(moving);
        assertThat(elements(after.path("revoking"))).isEmpty();
        assertThat(after.path("heartbeat_ms").asInt()).isEqualTo(15_000);

        Answer handedOver = two.read("?wait=10s");
        assertThat(values(handedOver)).hasSize(1).containsAnyOf("b", "d");
        assertThat(handedOver.json().path("partitions").path(0).path("epoch").asLong())
                .isGreaterThan(epoch);
        one.commit("share", moving, 2).isProblem(409, "stale_member_epoch", "#/offsets/0");
        assertThat(nextOffset("share", moving)).isEqualTo(1);
        assertThat(values(one.read("?" + cursor.substring(1))))
                .as("it continues in the partition that it kept")
                .isEmpty();

        two.leave().hasStatus(204);
        JsonNode again = one.read("").json();
        assertThat(numbers(again.path("assignment"))).containsExactly(0, 1);
        // The cursor's position in it is from an earlier ownership.
        assertThat(values(one.read("?" + cursor.substring(1)))).hasSize(1).containsAnyOf("b", "d");
    }

    @Test
    void aRevokedPartitionIsNotReadAndTheNextCallReleasesIt() {
        hub.createTopic("ask", 2);
        GroupMember one = join(nodes, "ask", "ask", "");
        GroupMember two = join(nodes, "ask", "ask", "");
        nodes.getFirst().produce("ask", 0, "a");
        nodes.getFirst().produce("ask", 1, "b");

        JsonNode told = one.read("").json();
        assertThat(numbers(told.path("revoking"))).hasSize(1);
        assertThat(numbers(told.path("partitions")))
                .hasSize(1)
                .doesNotContainAnyElementsOf(numbers(told.path("revoking")));
        assertThat(elements(two.read("").json().path("assignment"))).isEmpty();

        JsonNode acknowledged = one.read("").json();
        assertThat(numbers(acknowledged.path("assignment"))).isEqualTo(numbers(told.path("partitions")));
        assertThat(values(two.read("?wait=5s"))).hasSize(1);
    }

    @Test
    void aSilentMemberIsExpelledAndACallingOneIsNot() {
        hub.createTopic("silence", 2);
        GroupMember silent = join(nodes, "silence", "silence", ",\"session_timeout_ms\":1000");
        GroupMember calling = join(nodes, "silence", "silence", ",\"session_timeout_ms\":1500");
        assertThat(calling.joined().path("heartbeat_ms").asInt()).isEqualTo(500);

        await().until(() -> {
            JsonNode alive = calling.read("?wait=1s").hasStatus(200).json();
            return numbers(alive.path("assignment")).size() == 2;
        });

        silent.read("").isProblem(409, "member_fenced", null);
        silent.heartbeat().isProblem(409, "member_fenced", null);
        silent.commit("silence", 0, 0).isProblem(409, "member_fenced", null);
        silent.leave().isProblem(409, "member_fenced", null);
        // A wait beyond the session timeout does not count as silence.
        calling.read("?wait=3s").hasStatus(200);
        calling.heartbeat().hasStatus(200);
    }

    @Test
    void aStaticMemberIsReplacedByItsSuccessor() {
        hub.createTopic("static", 2);
        GroupMember other = join(nodes, "static", "static", "");
        GroupMember before = join(nodes, "static", "static", ",\"instance_id\":\"worker-1\"");
        other.read("");
        other.read("");
        List<Integer> mine = numbers(before.read("").json().path("assignment"));
        assertThat(mine).hasSize(1);

        GroupMember after = join(nodes, "static", "static", ",\"instance_id\":\"worker-1\"");

        assertThat(numbers(after.joined().path("assignment"))).isEqualTo(mine);
        before.read("").isProblem(409, "member_fenced", null);
    }

    @Test
    void moreMembersThanPartitionsAreIdle() {
        hub.createTopic("idle", 1);
        GroupMember busy = join(nodes, "idle", "idle", "");
        GroupMember idle = join(nodes, "idle", "idle", "");
        nodes.getFirst().produce("idle", 0, "a");

        assertThat(values(busy.read(""))).containsExactly("a");
        assertThat(values(idle.read("?wait=300ms"))).isEmpty();
        JsonNode members =
                nodes.getFirst().get("/v1/groups/idle").hasStatus(200).json().path("members");
        assertThat(elements(members))
                .extracting(member -> member.path("idle").asBoolean())
                .containsExactly(false, true);
    }

    private static JsonNode record(String topic, int partition, int offset) {
        return nodes.getFirst().records(topic, partition).get(offset);
    }

    private static long nextOffset(String group, int partition) {
        return elements(nodes.get(1)
                        .get("/v1/groups/" + group + "/offsets")
                        .json()
                        .path("offsets"))
                .get(partition)
                .path("next_offset")
                .asLong();
    }
}
