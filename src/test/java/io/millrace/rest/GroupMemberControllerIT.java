package io.millrace.rest;

import static io.millrace.rest.GroupMember.numbers;
import static io.millrace.rest.GroupMember.offset;
import static io.millrace.rest.GroupMember.values;
import static io.millrace.rest.HttpApi.JSON;
import static io.millrace.rest.HttpApi.elements;
import static io.millrace.rest.HttpApi.repeated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.consume.MemberCalls;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
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
        produce("basic", 0, "a", "b", "c");

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
    void aLostAnswerIsReadAgainAndACursorReadsAhead() {
        hub.createTopic("ahead", 3);
        GroupMember member = join("ahead", "ahead", "");
        for (int partition = 0; partition < 3; partition++) {
            produce("ahead", partition, partition + "-0", partition + "-1", partition + "-2");
        }

        Answer lost = member.read("");
        Answer again = member.read("");
        assertThat(values(again)).hasSize(9).containsExactlyInAnyOrderElementsOf(values(lost));

        List<String> all = new ArrayList<>();
        String cursor = "";
        for (int i = 0; i < 9; i++) {
            Answer page = member.read("?limit=1" + cursor);
            assertThat(values(page)).hasSize(1);
            all.addAll(values(page));
            cursor = "&cursor=" + page.json().path("cursor").asString();
        }
        assertThat(all).containsExactlyInAnyOrderElementsOf(values(lost)).doesNotHaveDuplicates();
        for (int partition = 0; partition < 3; partition++) {
            String prefix = partition + "-";
            assertThat(all.stream().filter(value -> value.startsWith(prefix))).isSorted();
        }
        Answer end = member.read("?" + cursor.substring(1));
        assertThat(values(end)).isEmpty();
        assertThat(end.json().path("partitions").toString()).isEqualTo("[]");
        assertThat(values(member.read(""))).hasSize(9);
    }

    @Test
    void recordsProducedBetweenTheJoinAndTheFirstReadAreRead() {
        hub.createTopic("between", 2);
        produce("between", 0, "before");
        GroupMember member = join("between", "between", ",\"from\":\"committed\"");
        produce("between", 0, "between");

        assertThat(values(member.read("?wait=5s"))).containsExactly("between");
        assertThat(values(member.read("?wait=5s"))).containsExactly("between");
    }

    @Test
    void fromAppliesOnlyWhereTheGroupHasNoOffset() {
        hub.createTopic("from", 1);
        produce("from", 0, "a", "b", "c");
        long millis = record("from", 0, 1).path("timestamp").asLong();

        assertThat(values(
                        join("from-earliest", "from", ",\"from\":\"earliest\"").read("")))
                .containsExactly("a", "b", "c");
        assertThat(values(join("from-text", "from", ",\"from\":\"0\"").read("")))
                .hasSize(3);
        assertThat(values(join("from-time", "from", ",\"from\":" + millis).read("")))
                .contains("b", "c");
        assertThat(values(join("from-latest", "from", ",\"from\":\"latest\"").read("")))
                .isEmpty();
        GroupMember first = join("from-committed", "from", ",\"from\":\"earliest\"");
        first.commit("from", 0, 2).hasStatus(200);
        first.leave().hasStatus(204);
        assertThat(values(
                        join("from-committed", "from", ",\"from\":\"earliest\"").read("")))
                .containsExactly("c");
    }

    @Test
    void aWaitEndsWithARecordOfAnyPartitionFromAnyNode() throws Exception {
        hub.createTopic("waiting", 4);
        GroupMember member = join("waiting", "waiting", "");
        for (int i = 0; i < 6; i++) {
            CompletableFuture<Answer> waiting = member.readLater("?wait=30s");
            assertThat(waiting).isNotDone();

            produce(nodes.get(i / 2 % 2), "waiting", i % 4, "" + i);

            Answer answer = waiting.get(10, TimeUnit.SECONDS);
            assertThat(values(answer)).containsExactly("" + i);
            JsonNode partition = answer.json().path("partitions").path(0);
            member.commit("waiting", i % 4, partition.path("next_offset").asLong())
                    .hasStatus(200);
        }
    }

    @Test
    void waitingMembersDoNotQueryTheDatabaseOneByOne() throws Exception {
        hub.createTopic("crowd", 100);
        List<CompletableFuture<Answer>> waiting = new ArrayList<>();
        List<GroupMember> members = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            members.add(GroupMember.join(List.of(nodes.getFirst()), "crowd", "crowd", ""));
        }
        for (GroupMember member : members) {
            member.heartbeat();
            waiting.add(member.readLater("?wait=60s"));
        }
        await("all wait").until(() -> {
            for (int i = 0; i < members.size(); i++) {
                // The wait of a member that gets partitions from another, or has to give some up, ends at once.
                if (waiting.get(i).isDone()) {
                    waiting.set(i, members.get(i).readLater("?wait=60s"));
                }
            }
            return members.stream().allMatch(member -> sessionLeftMillis(member.id()) > 50_000);
        });
        long before = hub.connectionsTaken();

        assertThat(CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new)))
                .as("all wait for 3 s")
                .failsWithin(3, TimeUnit.SECONDS);

        assertThat(hub.connectionsTaken() - before)
                .as("in 3 s: ten queries of the epochs per second, and other background work")
                .isLessThan(150);
        produce(nodes.get(1), "crowd", 7, "a");
        assertThat(values((Answer) CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new))
                        .get(10, TimeUnit.SECONDS)))
                .containsExactly("a");
        members.get(0).leave().hasStatus(204);
        await("members that inherit partitions from one that leaves stop waiting")
                .until(() -> waiting.stream().filter(CompletableFuture::isDone).count() >= 3);
        members.forEach(GroupMember::leave);
    }

    @Test
    void limitsBoundAnAnswerOverAllPartitions() {
        hub.createTopic("limits", 3);
        GroupMember member = join("limits", "limits", "");
        String large = "x".repeat(998);
        for (int partition = 0; partition < 3; partition++) {
            produce("limits", partition, large, large, large, large, large);
        }

        assertThat(values(member.read("?limit=7"))).hasSize(7);
        assertThat(values(member.read("?max_bytes=1"))).hasSize(1);
        assertThat(values(member.read("?max_bytes=1999"))).hasSize(1);
        assertThat(values(member.read("?max_bytes=4000"))).hasSize(4);
        assertThat(values(member.read(""))).hasSize(15);
        assertThat(numbers(member.read("?limit=9").json().path("partitions")))
                .as("each partition has a share")
                .containsExactlyInAnyOrder(0, 1, 2);
        Set<List<Integer>> first = new HashSet<>();
        await("each comes first at some point").until(() -> {
            first.add(numbers(member.read("?limit=1").json().path("partitions")));
            return first.size() == 3;
        });
    }

    @Test
    void aSecondMemberGetsItsShareOnceTheFirstHasReleasedIt() throws Exception {
        hub.createTopic("share", 2);
        GroupMember one = join("share", "share", "");
        produce("share", 0, "a", "b");
        produce("share", 1, "c", "d");
        Answer before = one.read("");
        long epoch = before.json().path("epoch").asLong();
        assertThat(values(before)).hasSize(4);
        String cursor = "&cursor=" + before.json().path("cursor").asString();

        // A wait ends when the assignment changes, not when a record comes.
        CompletableFuture<Answer> waiting = one.readLater("?wait=60s" + cursor);
        GroupMember two = join("share", "share", "");
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
        GroupMember one = join("ask", "ask", "");
        GroupMember two = join("ask", "ask", "");
        produce("ask", 0, "a");
        produce("ask", 1, "b");

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
    void aMemberWithARevokedPartitionDoesNotWait() throws Exception {
        hub.createTopic("at-once", 2);
        GroupMember one = join("at-once", "at-once", "");
        join("at-once", "at-once", "");

        JsonNode told = one.readLater("?wait=60s").get(10, TimeUnit.SECONDS).json();

        assertThat(numbers(told.path("revoking"))).hasSize(1);
        assertThat(elements(told.path("partitions"))).isEmpty();
    }

    @Test
    void theSessionIsExtendedOnlyByAWaitThatTakesPlace() {
        hub.createTopic("prolong", 1);
        GroupMember member = join("prolong", "prolong", "");
        produce("prolong", 0, "a");

        assertThat(values(member.read("?wait=20s"))).containsExactly("a");
        assertThat(sessionLeftMillis(member.id())).isLessThanOrEqualTo(45_000);

        String behind = "&cursor=" + member.read("").json().path("cursor").asString();
        assertThat(values(member.read("?wait=1s" + behind))).isEmpty();
        assertThat(sessionLeftMillis(member.id())).isLessThanOrEqualTo(45_000);
    }

    @Test
    void aSilentMemberIsExpelledAndACallingOneIsNot() {
        hub.createTopic("silence", 2);
        GroupMember silent = join("silence", "silence", ",\"session_timeout_ms\":1000");
        GroupMember calling = join("silence", "silence", ",\"session_timeout_ms\":1500");
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
        GroupMember other = join("static", "static", "");
        GroupMember before = join("static", "static", ",\"instance_id\":\"worker-1\"");
        other.read("");
        other.read("");
        List<Integer> mine = numbers(before.read("").json().path("assignment"));
        assertThat(mine).hasSize(1);

        GroupMember after = join("static", "static", ",\"instance_id\":\"worker-1\"");

        assertThat(numbers(after.joined().path("assignment"))).isEqualTo(mine);
        before.read("").isProblem(409, "member_fenced", null);
    }

    @Test
    void moreMembersThanPartitionsAreIdle() {
        hub.createTopic("idle", 1);
        GroupMember busy = join("idle", "idle", "");
        GroupMember idle = join("idle", "idle", "");
        produce("idle", 0, "a");

        assertThat(values(busy.read(""))).containsExactly("a");
        assertThat(values(idle.read("?wait=300ms"))).isEmpty();
        JsonNode members =
                nodes.getFirst().get("/v1/groups/idle").hasStatus(200).json().path("members");
        assertThat(elements(members))
                .extracting(member -> member.path("idle").asBoolean())
                .containsExactly(false, true);
    }

    @Test
    void recordsRemovedByRetentionAreSkippedAndReported() {
        hub.createTopic("expired", 1);
        GroupMember member = join("expired", "expired", "");
        produce("expired", 0, "a", "b", "c", "d");
        moveStart("expired", 2);

        JsonNode partition =
                member.read("?wait=1s").hasStatus(200).json().path("partitions").path(0);

        assertThat(partition.path("reset").toString()).isEqualTo("{\"requested\":0,\"reason\":\"offset_expired\"}");
        assertThat(elements(partition.path("records")))
                .extracting(record -> record.path("offset").asInt())
                .containsExactly(2, 3);
        moveStart("expired", 4);
        JsonNode empty = member.read("").hasStatus(200).json();
        assertThat(empty.path("partitions")
                        .path(0)
                        .path("reset")
                        .path("requested")
                        .asInt(-1))
                .isZero();
        assertThat(empty.path("partitions").path(0).path("next_offset").asInt()).isEqualTo(4);
        assertThat(empty.path("partitions").path(0).path("high_watermark").asInt())
                .isEqualTo(4);
        assertThat(member.read("?cursor=" + empty.path("cursor").asString())
                        .json()
                        .path("partitions")
                        .toString())
                .isEqualTo("[]");
    }

    @Test
    void aDeletedTopicIsLeftOutAndItsSuccessorReadFromItsStart() {
        hub.createTopic("gone-a", 1);
        hub.createTopic("gone-b", 1);
        GroupMember member = join("gone", "gone-*", "");
        produce("gone-a", 0, "old");
        produce("gone-b", 0, "other");
        assertThat(values(member.read(""))).containsExactlyInAnyOrder("old", "other");

        nodes.getFirst()
                .send("DELETE", "/v1/topics/gone-a", java.net.http.HttpRequest.BodyPublishers.noBody())
                .hasStatus(204);
        assertThat(values(member.read(""))).containsExactly("other");
        hub.createTopic("gone-a", 1);
        produce("gone-a", 0, "new");

        await().untilAsserted(() -> assertThat(values(member.read(""))).containsExactlyInAnyOrder("new", "other"));
    }

    @Test
    void manyMembersReadEveryRecordOnceInOrder() {
        hub.createTopic("many", 12);
        List<GroupMember> members = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            members.add(join("many", "many", ""));
        }
        for (int round = 0; round < 3; round++) {
            members.forEach(member -> member.read("").hasStatus(200));
        }
        for (int partition = 0; partition < 12; partition++) {
            int of = partition;
            nodes.getFirst()
                    .post(
                            "/v1/topics/many/records",
                            JSON,
                            "{\"records\":["
                                    + repeated(
                                            100,
                                            i -> (i == 0 ? "" : ",") + "{\"partition\":" + of + ",\"value\":\"" + of
                                                    + "/" + i + "\"}")
                                    + "]}")
                    .hasStatus(200);
        }

        List<String> read = new ArrayList<>();
        await().until(() -> {
            for (GroupMember member : members) {
                Answer answer = member.read("?limit=70");
                read.addAll(values(answer));
                for (JsonNode partition : answer.json().path("partitions")) {
                    member.commit(
                                    "many",
                                    partition.path("partition").asInt(),
                                    partition.path("next_offset").asLong())
                            .hasStatus(200);
                }
            }
            return read.size() >= 1200;
        });

        assertThat(read).hasSize(1200);
        for (int partition = 0; partition < 12; partition++) {
            String prefix = partition + "/";
            assertThat(read.stream().filter(value -> value.startsWith(prefix)))
                    .containsExactlyElementsOf(produced(partition, 100));
        }
    }

    @Test
    void aNodeThatShutsDownEndsWaitsAndAnotherContinues() throws Exception {
        hub.createTopic("drain", 1);
        GroupMember member = GroupMember.join(List.of(nodes.getFirst()), "drain", "drain", "");
        CompletableFuture<Answer> waiting = member.readLater("?wait=60s");
        await("the call has begun").until(() -> sessionLeftMillis(member.id()) > 50_000);
        MemberCalls reader = hub.bean(MemberCalls.class);

        reader.stop();
        try {
            assertThat(values(waiting.get(10, TimeUnit.SECONDS))).isEmpty();
            assertThat(values(member.readLater("?wait=60s").get(10, TimeUnit.SECONDS)))
                    .isEmpty();
        } finally {
            reader.start();
        }
        produce("drain", 0, "a");
        assertThat(values(nodes.get(1).get("/v1/groups/drain/members/" + member.id() + "/records?wait=10s")))
                .containsExactly("a");
    }

    private static GroupMember join(String group, String topic, String fields) {
        return GroupMember.join(nodes, group, topic, fields);
    }

    private static List<String> produced(int partition, int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> partition + "/" + i)
                .toList();
    }

    private static void produce(String topic, int partition, String... values) {
        produce(nodes.getFirst(), topic, partition, values);
    }

    private static void produce(HttpApi node, String topic, int partition, String... values) {
        node.post(
                        "/v1/topics/" + topic + "/records",
                        JSON,
                        "{\"records\":["
                                + repeated(
                                        values.length,
                                        i -> (i == 0 ? "" : ",") + "{\"partition\":" + partition + ",\"value\":\""
                                                + values[i] + "\"}")
                                + "]}")
                .hasStatus(200);
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

    private static void moveStart(String topic, long offset) {
        hub.bean(JdbcClient.class)
                .sql("update millrace.partition_head set start_offset = :offset where partition_id in"
                        + " (select p.partition_id from millrace.topic t"
                        + " join millrace.topic_partition p on p.topic_id = t.id where t.name = :topic)")
                .param("offset", offset)
                .param("topic", topic)
                .update();
    }

    private static double sessionLeftMillis(String member) {
        return hub.bean(JdbcClient.class)
                .sql("select extract(epoch from expires_at - millrace.now()) * 1000 from millrace.group_member"
                        + " where member_id = :member")
                .param("member", member)
                .query(Double.class)
                .single();
    }
}
