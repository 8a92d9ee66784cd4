package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.group.GroupOffset;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.group.admin.GroupDescription;
import io.millrace.group.admin.OffsetLag;
import io.millrace.group.admin.ResetScope;
import io.millrace.group.admin.ResetTarget;
import io.millrace.security.Caller;
import io.millrace.stream.StreamTopics;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.time.SettableTicker;
import io.millrace.topic.Topic;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Members of groups by WebSocket, on two nodes of one cluster. */
class WebSocketGroupIT {

    private static final Duration QUIET = Duration.ofMillis(400);

    /** Longer than the other tests take to commit. */
    private static final Duration REVOKE_TIMEOUT = Duration.ofSeconds(20);

    /** The lease outlasts the advances of the first hub's clock. */
    private static final String[] SETTINGS = {
        "millrace.groups.revoke-timeout=" + REVOKE_TIMEOUT.toSeconds() + "s", "millrace.cluster.lease=5m"
    };

    /** The clock of the first hub. */
    private static final SettableTicker TIME = SettableTicker.flowing();

    private static final TestDatabase DATABASE = TestPostgres.newDatabase();

    private static Hub first;
    private static Hub second;

    @BeforeAll
    static void start() {
        first = Hub.startAt(TIME, DATABASE, SETTINGS);
        second = Hub.start(DATABASE, SETTINGS);
    }

    @AfterAll
    static void stop() {
        second.close();
        first.close();
    }

    @Test
    void aSuccessorContinuesAfterTheCommitOfTheMemberBefore() {
        Topic topic = first.createTopic("go-on", 1);
        try (WsClient member = join(first, "go-on", "go-on", "")) {
            JsonNode assigned = member.next("assigned");
            assertThat(assigned.get("member_id").asString()).isNotEmpty();
            assertThat(assigned.get("partitions").size()).isEqualTo(1);
            StreamTopics.appendTo(first, topic, 0, 3);
            long epoch = assigned.get("epoch").longValue();
            int received = 0;
            while (received < 3) {
                JsonNode records = member.next("records");
                assertThat(records.get("epoch").longValue()).isEqualTo(epoch);
                received += records.get("records").size();
            }
            commit(member, "1", "go-on", 0, 2);
            assertThat(member.next("committed").get("ref").asString()).isEqualTo("1");
        }
        try (WsClient successor = join(second, "go-on", "go-on", "")) {
            JsonNode assigned = successor.next("assigned");
            if (assigned.get("partitions").isEmpty()) { // the first has not left yet
                assigned = successor.next("assigned");
            }
            assertThat(assigned.get("partitions").get(0).get("next_offset").longValue())
                    .isEqualTo(2);
            assertThat(successor
                            .next("records")
                            .get("records")
                            .get(0)
                            .get("offset")
                            .longValue())
                    .isEqualTo(2);
        }
    }

    @Test
    void aPartitionMovesOnceItsDeliveredRecordsAreCommitted() {
        Topic topic = first.createTopic("moves", 2);
        try (WsClient one = join(first, "moves", "moves", "")) {
            one.next("assigned");
            StreamTopics.appendTo(first, topic, 0, 1);
            StreamTopics.appendTo(first, topic, 1, 1);
            one.next("records");
            one.next("records");
            try (WsClient two = join(second, "moves", "moves", "")) {
                assertThat(two.next("assigned").get("partitions").isEmpty()).isTrue();
                JsonNode revoked = one.next("revoked");
                assertThat(revoked.get("reason").asString()).isEqualTo("rebalance");
                int moving = revoked.get("partitions").get(0).get("partition").intValue();
                // Not before the first member has committed what it received: until then it owns the partition.
                assertThat(two.next(QUIET)).isNull();
                commit(one, "c", "moves", moving, 1);
                one.next("committed");

                JsonNode assigned = two.next("assigned").get("partitions").get(0);
                assertThat(assigned.get("partition").intValue()).isEqualTo(moving);
                assertThat(assigned.get("next_offset").longValue()).isEqualTo(1);
                StreamTopics.appendTo(first, topic, moving, 1);
                assertThat(two.next("records")
                                .get("records")
                                .get(0)
                                .get("offset")
                                .longValue())
                        .isEqualTo(1);
                assertThat(one.next(QUIET)).isNull();
                commit(one, "late", "moves", moving, 1);
                JsonNode refused = one.next("error");
                assertThat(refused.get("ref").asString()).isEqualTo("late");
                assertThat(refused.get("problem").get("code").asString()).isEqualTo("stale_member_epoch");
            }
            // The second member has left: its partition comes back.
            assertThat(one.next("assigned").get("partitions").size()).isEqualTo(1);
        }
    }

    @Test
    void aMemberThatDoesNotCommitLosesThePartitionAfterTheRevokeTimeout() {
        Topic topic = first.createTopic("timeout", 2);
        try (WsClient one = join(first, "timeout", "timeout", "")) {
            one.next("assigned");
            StreamTopics.appendTo(first, topic, 0, 1);
            StreamTopics.appendTo(first, topic, 1, 1);
            one.next("records");
            one.next("records");
            try (WsClient two = join(second, "timeout", "timeout", "")) {
                assertThat(two.next("assigned").get("partitions").isEmpty()).isTrue();
                one.next("revoked");

                TIME.advance(REVOKE_TIMEOUT.dividedBy(2));
                assertThat(two.next(QUIET)).isNull();
                TIME.advance(REVOKE_TIMEOUT.dividedBy(2));

                JsonNode assigned = two.next("assigned").get("partitions").get(0);
                assertThat(assigned.get("next_offset").longValue()).isZero();
                assertThat(two.next("records")
                                .get("records")
                                .get(0)
                                .get("offset")
                                .longValue())
                        .isZero();
            }
        }
    }

    @Test
    void automaticCommitsComeBeforeTheRecords() throws Exception {
        Topic topic = first.createTopic("auto", 1);
        try (WsClient member = join(first, "auto", "auto", ",'commit':'auto'")) {
            member.next("assigned");
            try (Connection blocking =
                    DriverManager.getConnection(DATABASE.jdbcUrl(), DATABASE.username(), DATABASE.password())) {
                blocking.setAutoCommit(false);
                blocking.createStatement().execute("select from millrace.committed_offset for update");

                StreamTopics.appendTo(first, topic, 0, 5);

                assertThat(member.next(QUIET)).as("while the commit waits").isNull();
                blocking.rollback();
            }
            JsonNode records = member.next("records");
            assertThat(offset("auto").nextOffset())
                    .isGreaterThanOrEqualTo(records.get("next_offset").longValue());
        }
    }

    @Test
    void aPartitionWhoseAutomaticCommitIsRefusedContinuesAtTheGroupsOffset() {
        Topic topic = first.createTopic("stops", 1);
        try (WsClient member = join(first, "stops", "stops", ",'commit':'auto'")) {
            JsonNode joined = member.next("assigned");
            // The node has looked at the group after the join, and will not do so again.
            assertThat(member.next(QUIET)).isNull();
            // As if another member owned it and this node had not heard of that.
            change("owner_epoch = owner_epoch + 1", "stops");
            StreamTopics.appendTo(first, topic, 0, 3);
            assertThat(member.next(QUIET)).isNull();
            change("owner_epoch = owner_epoch - 1, next_offset = 1", "stops");

            JsonNode assigned = member.next("assigned");
            assertThat(assigned.get("epoch")).isEqualTo(joined.get("epoch"));
            assertThat(assigned.get("partitions").get(0).get("next_offset").longValue())
                    .isEqualTo(1);
            JsonNode records = member.next("records");
            assertThat(records.get("records").get(0).get("offset").longValue()).isEqualTo(1);
        }
    }

    @Test
    void onlyDeliveredOffsetsCanBeCommitted() {
        Topic topic = first.createTopic("beyond", 1);
        try (WsClient member = join(first, "beyond", "beyond", "")) {
            member.next("assigned");
            StreamTopics.appendTo(first, topic, 0, 1);
            member.next("records");
            commit(member, "x", "beyond", 0, 2);
            JsonNode problem = member.next("error").get("problem");
            assertThat(problem.get("code").asString()).isEqualTo("offset_beyond_end");
            assertThat(problem.get("errors").get(0).get("pointer").asString()).isEqualTo("#/offsets/0/next_offset");
            commit(member, "y", "nowhere", 0, 0);
            assertThat(member.next("error").get("problem").get("code").asString())
                    .isEqualTo("unknown_topic");
            assertThat(offset("beyond").nextOffset()).isZero();
        }
    }

    @Test
    void aSeekIsAnsweredWithTheEpochForCommittingItsPositions() {
        Topic topic = first.createTopic("seek", 2);
        StreamTopics.appendTo(first, topic, 0, 5);
        StreamTopics.appendTo(first, topic, 1, 5);
        try (WsClient member = join(first, "seek", "seek", "")) {
            JsonNode joined = member.next("assigned");
            try (WsClient other = join(second, "seek", "seek", "")) {
                other.next("assigned");
                // One partition moves: the member's epoch is now above the one at which the other was assigned.
                JsonNode revoked = member.next("revoked").get("partitions");
                int kept = 1 - revoked.get(0).get("partition").intValue();

                member.send("{'type':'seek','id':'s','partitions':[{'partition':" + kept + ",'next_offset':3}]}");
                JsonNode assigned = member.next("assigned");
                assertThat(assigned.get("member_id")).isEqualTo(joined.get("member_id"));
                long epoch = assigned.get("epoch").longValue();
                assertThat(epoch).isGreaterThan(joined.get("epoch").longValue());
                commit(member, "sought", "seek", kept, 3, epoch);
                JsonNode committed = except(member, "records");
                assertThat(committed.get("ref").asString()).as("%s", committed).isEqualTo("sought");
                assertThat(committed.get("type").asString()).as("%s", committed).isEqualTo("committed");
                // Not epoch + 1: the member may reach it at any time, when the other is assigned its partition.
                commit(member, "later", "seek", kept, 4, epoch + 1000);
                assertThat(except(member, "records").get("problem").get("code").asString())
                        .isEqualTo("stale_member_epoch");
            }
        }
    }

    @Test
    void aSeekBeyondTheEndCannotBeCommitted() {
        Topic topic = first.createTopic("too-far", 1);
        StreamTopics.appendTo(first, topic, 0, 2);
        try (WsClient member = join(first, "too-far", "too-far", ",'from':'earliest'")) {
            long epoch = member.next("assigned").get("epoch").longValue();
            member.send("{'type':'seek','id':'s','partitions':[{'partition':0,'next_offset':9}]}");
            commit(member, "far", "too-far", 0, 9, epoch);
            JsonNode refused = except(member, "records", "assigned", "reset");
            assertThat(refused.get("problem").get("code").asString()).isEqualTo("offset_beyond_end");
            assertThat(offset("too-far").nextOffset()).isZero();
        }
    }

    @Test
    void aResetRevokesAndReassignsPartitionsOfMembers() {
        Topic topic = first.createTopic("rewind", 1);
        try (WsClient member = join(first, "rewind", "rewind", "")) {
            member.next("assigned");
            StreamTopics.appendTo(first, topic, 0, 1);
            member.next("records");
            commit(member, "c", "rewind", 0, 1);
            member.next("committed");

            second.bean(GroupAdmin.class)
                    .reset(Caller.ANYONE, "rewind", ResetScope.EVERYTHING, new ResetTarget.Earliest(), false);

            member.next("revoked");
            assertThat(member.next("assigned")
                            .get("partitions")
                            .get(0)
                            .get("next_offset")
                            .longValue())
                    .isZero();
            assertThat(member.next("records")
                            .get("records")
                            .get(0)
                            .get("offset")
                            .longValue())
                    .isZero();
        }
    }

    @Test
    void recordsDeliveredBeforeAResetCannotBeCommittedAfterIt() {
        Topic topic = first.createTopic("no-undo", 1);
        try (WsClient member = join(first, "no-undo", "no-undo", "")) {
            member.next("assigned");
            StreamTopics.appendTo(first, topic, 0, 1);
            long before = member.next("records").get("epoch").longValue();

            second.bean(GroupAdmin.class)
                    .reset(Caller.ANYONE, "no-undo", ResetScope.EVERYTHING, new ResetTarget.Earliest(), false);
            member.next("revoked");
            member.next("assigned");
            // The same record again: the hub now counts the position after it as delivered.
            long after = member.next("records").get("epoch").longValue();
            assertThat(after).isGreaterThan(before);

            commit(member, "old", "no-undo", 0, 1, before);
            JsonNode refused = member.next("error");
            assertThat(refused.get("ref").asString()).isEqualTo("old");
            assertThat(refused.get("problem").get("code").asString()).isEqualTo("stale_member_epoch");
            assertThat(refused.get("problem")
                            .get("errors")
                            .get(0)
                            .get("pointer")
                            .asString())
                    .isEqualTo("#/offsets/0");
            assertThat(offset("no-undo").nextOffset()).isZero();

            commit(member, "new", "no-undo", 0, 1, after);
            assertThat(member.next("committed").get("ref").asString()).isEqualTo("new");
            assertThat(offset("no-undo").nextOffset()).isEqualTo(1);
        }
    }

    @Test
    void aStaticMemberThatJoinsAgainFencesTheFirst() {
        first.createTopic("twice", 1);
        try (WsClient one = join(first, "twice", "twice", ",'instance_id':'i'")) {
            one.next("assigned");
            try (WsClient two = join(second, "twice", "twice", ",'instance_id':'i'")) {
                assertThat(two.next("assigned").get("partitions").size()).isEqualTo(1);
                assertThat(one.next("revoked").get("reason").asString()).isEqualTo("fenced");
                assertThat(one.next("error").get("problem").get("code").asString())
                        .isEqualTo("member_fenced");
                assertThat(one.closeCode()).isEqualTo(4409);
            }
        }
    }

    @Test
    void unsubscribingLeavesTheGroup() {
        first.createTopic("leave", 1);
        try (WsClient member = join(first, "leave", "leave", "")) {
            member.next("assigned");
            member.send("{'type':'unsubscribe','id':'s'}");
            member.next("revoked");
            await().until(() -> describe("leave").state() == GroupDescription.State.EMPTY);
        }
    }

    private static WsClient join(Hub hub, String group, String topic, String more) {
        return WsClient.connect(hub)
                .send("{'type':'subscribe','id':'s','topics':['" + topic + "'],'group':'" + group + "','credits':100000"
                        + more + "}");
    }

    /** The next frame of another type than these. */
    private static JsonNode except(WsClient client, String... types) {
        JsonNode frame = client.next();
        while (List.of(types).contains(frame.get("type").asString())) {
            frame = client.next();
        }
        return frame;
    }

    private static void commit(WsClient client, String ref, String topic, int partition, long nextOffset) {
        client.send("{'type':'commit','id':'s','ref':'" + ref + "','offsets':[{'topic':'" + topic + "','partition':"
                + partition + ",'next_offset':" + nextOffset + "}]}");
    }

    private static void commit(WsClient client, String ref, String topic, int partition, long nextOffset, long epoch) {
        client.send("{'type':'commit','id':'s','ref':'" + ref + "','offsets':[{'topic':'" + topic + "','partition':"
                + partition + ",'epoch':" + epoch + ",'next_offset':" + nextOffset + "}]}");
    }

    private static void change(String change, String topic) {
        first.bean(JdbcClient.class)
                .sql("update millrace.committed_offset set " + change + " where topic = :topic")
                .param("topic", topic)
                .update();
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
