package io.millrace.rest;

import static io.millrace.rest.GroupMember.join;
import static io.millrace.rest.GroupMember.numbers;
import static io.millrace.rest.GroupMember.values;
import static io.millrace.rest.HttpApi.elements;
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

/** Reading by members without a connection, whose calls alternate between two nodes. */
class GroupMemberReadIT {

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
    void aLostAnswerIsReadAgainAndACursorReadsAhead() {
        hub.createTopic("ahead", 3);
        GroupMember member = join(nodes, "ahead", "ahead", "");
        for (int partition = 0; partition < 3; partition++) {
            nodes.getFirst().produce("ahead", partition, partition + "-0", partition + "-1", partition + "-2");
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
        nodes.getFirst().produce("between", 0, "before");
        GroupMember member = join(nodes, "between", "between", ",\"from\":\"committed\"");
        nodes.getFirst().produce("between", 0, "between");

        assertThat(values(member.read("?wait=5s"))).containsExactly("between");
        assertThat(values(member.read("?wait=5s"))).containsExactly("between");
    }

    @Test
    void limitsBoundAnAnswerOverAllPartitions() {
        hub.createTopic("limits", 3);
        GroupMember member = join(nodes, "limits", "limits", "");
        String large = "x".repeat(998);
        for (int partition = 0; partition < 3; partition++) {
            nodes.getFirst().produce("limits", partition, large, large, large, large, large);
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
    void manyMembersReadEveryRecordOnceInOrder() {
        hub.createTopic("many", 12);
        List<GroupMember> members = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            members.add(join(nodes, "many", "many", ""));
        }
        for (int round = 0; round < 3; round++) {
            members.forEach(member -> member.read("").hasStatus(200));
        }
        for (int partition = 0; partition < 12; partition++) {
            nodes.getFirst().produce("many", partition, produced(partition, 100).toArray(String[]::new));
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
    void recordsRemovedByRetentionAreSkippedAndReported() {
        hub.createTopic("expired", 1);
        GroupMember member = join(nodes, "expired", "expired", ",\"from\":\"earliest\"");
        nodes.getFirst().produce("expired", 0, "a", "b", "c", "d");
        moveStart("expired", 2);

        JsonNode partition =
                member.read("?wait=1s").hasStatus(200).json().path("partitions").path(0);

        assertThat(partition.path("reset").toString())
                .isEqualTo("{\"requested\":0,\"next_offset\":2,\"reason\":\"offset_expired\"}");
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
        GroupMember member = join(nodes, "gone", "gone-*", "");
        nodes.getFirst().produce("gone-a", 0, "old");
        nodes.getFirst().produce("gone-b", 0, "other");
        assertThat(values(member.read(""))).containsExactlyInAnyOrder("old", "other");

        nodes.getFirst()
                .send("DELETE", "/v1/topics/gone-a", java.net.http.HttpRequest.BodyPublishers.noBody())
                .hasStatus(204);
        assertThat(values(member.read(""))).containsExactly("other");
        hub.createTopic("gone-a", 1);
        nodes.getFirst().produce("gone-a", 0, "new");

        await().untilAsserted(() -> assertThat(values(member.read(""))).containsExactlyInAnyOrder("new", "other"));
    }

    @Test
    void aWaitEndsWithARecordOfAnyPartitionFromAnyNode() throws Exception {
        hub.createTopic("waiting", 4);
        GroupMember member = join(nodes, "waiting", "waiting", "");
        for (int i = 0; i < 6; i++) {
            CompletableFuture<Answer> waiting = member.readLater("?wait=30s");
            assertThat(waiting).isNotDone();

            nodes.get(i / 2 % 2).produce("waiting", i % 4, "" + i);

            Answer answer = waiting.get(10, TimeUnit.SECONDS);
            assertThat(values(answer)).containsExactly("" + i);
            JsonNode partition = answer.json().path("partitions").path(0);
            member.commit("waiting", i % 4, partition.path("next_offset").asLong())
                    .hasStatus(200);
        }
    }

    @Test
    void aMemberWithARevokedPartitionDoesNotWait() throws Exception {
        hub.createTopic("at-once", 2);
        GroupMember one = join(nodes, "at-once", "at-once", "");
        join(nodes, "at-once", "at-once", "");

        JsonNode told = one.readLater("?wait=60s").get(10, TimeUnit.SECONDS).json();

        assertThat(numbers(told.path("revoking"))).hasSize(1);
        assertThat(elements(told.path("partitions"))).isEmpty();
    }

    @Test
    void theSessionIsExtendedOnlyByAWaitThatTakesPlace() throws Exception {
        hub.createTopic("prolong", 1);
        GroupMember member = join(nodes, "prolong", "prolong", ",\"session_timeout_ms\":45000");
        nodes.getFirst().produce("prolong", 0, "a");
        leaveSession(member.id(), 10_000);

        assertThat(values(member.read("?wait=20s"))).containsExactly("a");
        assertThat(sessionLeftMillis(member.id()))
                .as("a call is a sign of life")
                .isBetween(30_000.0, 45_000.0);

        String behind = "&cursor=" + member.read("").json().path("cursor").asString();
        CompletableFuture<Answer> waiting = member.readLater("?wait=40s" + behind);
        await("the session outlasts the wait").until(() -> sessionLeftMillis(member.id()) > 60_000);
        nodes.getFirst().produce("prolong", 0, "b");
        Answer answer = waiting.get(10, TimeUnit.SECONDS);
        assertThat(values(answer)).containsExactly("b");
        assertThat(sessionLeftMillis(member.id()))
                .as("it runs from the wait's end")
                .isBetween(30_000.0, 45_000.0);

        behind = "&cursor=" + answer.json().path("cursor").asString();
        assertThat(values(member.read("?wait=1s" + behind))).isEmpty();
        assertThat(sessionLeftMillis(member.id())).isBetween(30_000.0, 45_000.0);
    }

    @Test
    void waitingMembersDoNotQueryTheDatabaseOneByOne() throws Exception {
        hub.createTopic("crowd", 100);
        List<CompletableFuture<Answer>> waiting = new ArrayList<>();
        List<GroupMember> members = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            members.add(join(List.of(nodes.getFirst()), "crowd", "crowd", ""));
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
        nodes.get(1).produce("crowd", 7, "a");
        assertThat(values((Answer) CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new))
                        .get(10, TimeUnit.SECONDS)))
                .containsExactly("a");
        members.get(0).leave().hasStatus(204);
        await("members that inherit partitions from one that leaves stop waiting")
                .until(() -> waiting.stream().filter(CompletableFuture::isDone).count() >= 3);
        members.forEach(GroupMember::leave);
    }

    @Test
    void aNodeThatShutsDownEndsWaitsAndAnotherContinues() throws Exception {
        hub.createTopic("drain", 1);
        GroupMember member = join(List.of(nodes.getFirst()), "drain", "drain", "");
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
        nodes.getFirst().produce("drain", 0, "a");
        assertThat(values(nodes.get(1).get("/v1/groups/drain/members/" + member.id() + "/records?wait=10s")))
                .containsExactly("a");
    }

    private static List<String> produced(int partition, int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> partition + "/" + i)
                .toList();
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

    private static void leaveSession(String member, long millis) {
        hub.bean(JdbcClient.class)
                .sql("update millrace.group_member set expires_at = millrace.now() + :millis * interval"
                        + " '1 millisecond' where member_id = :member")
                .param("millis", millis)
                .param("member", member)
                .update();
    }
}
