package io.millrace.stream.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.event.TopicPartition;
import io.millrace.group.GroupOffset;
import io.millrace.group.Groups;
import io.millrace.group.OffsetCommit;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.group.admin.GroupDescription;
import io.millrace.group.admin.OffsetLag;
import io.millrace.security.Caller;
import io.millrace.stream.StreamTopics;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Members of groups by server-sent events, on two nodes of one cluster. */
class EventStreamGroupIT {

    private static Hub first;
    private static Hub second;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        first = Hub.start(database, "millrace.groups.revoke-timeout=30s");
        second = Hub.start(database, "millrace.groups.revoke-timeout=30s");
        first.createTopic("bad", 1);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void aMemberReceivesFromOneNodeAndCommitsThroughAnother() throws IOException {
        Topic topic = first.createTopic("commits", 1);
        try (SseClient member = SseClient.connect(first, "/v1/groups/commits/stream?topics=commits")) {
            JsonNode assigned = member.nextControl("assigned").data();
            StreamTopics.appendTo(first, topic, 0, 2);
            SseClient.Event record = member.nextRecord();
            assertThat(record.lastId()).isNull();
            assertThat(record.data().get("epoch").longValue())
                    .isEqualTo(assigned.get("epoch").longValue());
            assertThat(record.data().get("topic").asString()).isEqualTo("commits");
            assertThat(member.nextRecord().data().get("offset").longValue()).isEqualTo(1);
            commit("commits", assigned.get("member_id").asString(), 0, 2);
            assertThat(offset("commits").nextOffset()).isEqualTo(2);
        }
        // The connection is gone, and the member with it.
        await().atMost(Duration.ofSeconds(5)).until(() -> describe("commits").state() == GroupDescription.State.EMPTY);
    }

    @Test
    void aPartitionMovesOnceItsRecordsAreCommittedThroughAnotherNode() throws IOException {
        Topic topic = first.createTopic("hand-over", 2);
        try (SseClient one = SseClient.connect(first, "/v1/groups/hand-over/stream?topics=hand-over")) {
            String member = one.nextControl("assigned").data().get("member_id").asString();
            StreamTopics.appendTo(first, topic, 0, 1);
            StreamTopics.appendTo(first, topic, 1, 1);
            one.nextRecord();
            one.nextRecord();
            try (SseClient two = SseClient.connect(second, "/v1/groups/hand-over/stream?topics=hand-*")) {
                assertThat(two.nextControl("assigned").data().get("partitions").isEmpty())
                        .isTrue();
                JsonNode revoked = one.nextControl("revoked").data();
                assertThat(revoked.get("reason").asString()).isEqualTo("rebalance");
                int moving = revoked.get("partitions").get(0).get("partition").intValue();
                commit("hand-over", member, moving, 1);
                JsonNode assigned =
                        two.nextControl("assigned").data().get("partitions").get(0);
                assertThat(assigned.get("partition").intValue()).isEqualTo(moving);
                assertThat(assigned.get("next_offset").longValue()).isEqualTo(1);
            }
        }
    }

    @Test
    void automaticCommitsComeBeforeTheRecords() throws IOException {
        Topic topic = first.createTopic("auto-sse", 1);
        try (SseClient member = SseClient.connect(first, "/v1/groups/auto-sse/stream?topics=auto-sse&commit=auto")) {
            member.nextControl("assigned");
            StreamTopics.appendTo(first, topic, 0, 1);
            member.nextRecord();
            assertThat(offset("auto-sse").nextOffset()).isEqualTo(1);
        }
    }

    @Test
    void aStaticMemberThatJoinsAgainEndsTheFirstStream() throws IOException {
        first.createTopic("twice-sse", 1);
        String path = "/v1/groups/twice-sse/stream?topics=twice-sse&instance_id=i";
        try (SseClient one = SseClient.connect(first, path)) {
            one.nextControl("assigned");
            try (SseClient two = SseClient.connect(second, path)) {
                assertThat(two.nextControl("assigned").data().get("partitions").size())
                        .isEqualTo(1);
                assertThat(one.nextControl("revoked").data().get("reason").asString())
                        .isEqualTo("fenced");
                assertThat(one.nextControl("error")
                                .data()
                                .get("problem")
                                .get("code")
                                .asString())
                        .isEqualTo("member_fenced");
                assertThat(one.next()).isNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        g   |                              | 400 | invalid_request    | ?topics
        g   | topics=                      | 400 | invalid_request    | ?topics
        g   | topics=bad,,bad              | 400 | invalid_request    | ?topics
        g   | topics=bad,bad               | 400 | invalid_request    | ?topics
        g   | topics=a%20b                 | 400 | invalid_topic_name | ?topics
        g   | topics=none                  | 404 | unknown_topic      |
        g   | topics=bad&from=noon         | 400 | invalid_request    | ?from
        g   | topics=bad&commit=often      | 400 | invalid_request    | ?commit
        g   | topics=bad&assignor=best     | 400 | invalid_request    | ?assignor
        g   | topics=bad&instance_id=      | 400 | invalid_request    | ?instance_id
        g   | topics=bad&instance_id=a%20b | 400 | invalid_request    | ?instance_id
        g   | topics=bad&session_timeout_ms=0  | 400 | invalid_request | ?session_timeout_ms
        g   | topics=bad&session_timeout_ms=10 | 400 | invalid_request | ?session_timeout_ms
        g   | topics=bad&credits=1         | 400 | invalid_request    | ?credits
        g%20| topics=bad                   | 400 | invalid_request    | ?group
        """)
    void badRequestsAreRefusedBeforeTheStreamBegins(String group, String query, int status, String code, String pointer)
            throws IOException {
        String path = "/v1/groups/" + group + "/stream" + (query == null ? "" : "?" + query);
        try (SseClient client = SseClient.connect(first, path)) {
            assertThat(client.status()).isEqualTo(status);
            JsonNode problem = client.body();
            assertThat(problem.get("code").asString()).isEqualTo(code);
            if (pointer != null) {
                assertThat(problem.get("errors").get(0).get("pointer").asString())
                        .isEqualTo(pointer);
            }
        }
        assertThat(second.bean(GroupAdmin.class)
                        .list(Caller.ANYONE, "g", 1, null)
                        .groups())
                .isEmpty();
    }

    private static void commit(String topic, String member, int partition, long nextOffset) {
        second.bean(Groups.class)
                .commit(
                        topic,
                        member,
                        OptionalLong.empty(),
                        List.of(new OffsetCommit(new TopicPartition(topic, partition), nextOffset, null)));
    }

    private static GroupDescription describe(String group) {
        return second.bean(GroupAdmin.class).describe(Caller.ANYONE, group);
    }

    private static GroupOffset offset(String group) {
        return describe(group).offsets().stream()
                .map(OffsetLag::offset)
                .findFirst()
                .orElseThrow();
    }
}
