package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.append.Appender;
import io.millrace.event.NewRecord;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A member without a connection reads any number of partitions, on any node, and its cursors stay short. */
class GroupCursorIT {

    private static final int SHORT = 3000;

    private static Hub first;
    private static Hub second;
    private static List<HttpApi> nodes;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        first = Hub.start(database);
        second = Hub.start(database);
        nodes = List.of(HttpApi.of(first), HttpApi.of(second));
    }

    @AfterAll
    static void stop() {
        nodes.forEach(HttpApi::close);
        second.close();
        first.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1_000, 2_000, 10_000})
    void aMemberThatDoesNotCommitReadsEveryRecordOnce(int partitions) {
        Topic topic = first.createTopic("ahead-" + partitions, partitions);
        List<NewRecord> records = IntStream.range(0, partitions)
                .mapToObj(i -> new NewRecord(
                        i,
                        NewRecord.NO_TIMESTAMP,
                        null,
                        ("\"" + i + "\"").getBytes(StandardCharsets.US_ASCII),
                        null,
                        (byte) 0))
                .toList();
        GroupMember member = GroupMember.join(nodes, topic.name(), topic.name(), ",\"from\":\"earliest\"");
        for (int i = 0; i < 2; i++) {
            first.bean(Appender.class).append(topic, records).join();
        }
        Set<String> read = new HashSet<>();
        String cursor = "";
        int count = 0;
        while (count < 2 * partitions) {
            Answer answer = member.read("?limit=1500&wait=20s" + cursor);
            for (var part : answer.hasStatus(200).json().path("partitions")) {
                for (var record : part.path("records")) {
                    assertThat(read.add(part.path("partition") + "/" + record.path("offset")))
                            .isTrue();
                    count++;
                }
            }
            String next = answer.json().path("cursor").asString();
            assertThat(next).hasSizeLessThan(SHORT);
            cursor = "&cursor=" + next;
        }
        assertThat(member.commit(topic.name(), 0, 2).status()).isEqualTo(200);
        // A cursor leaves out committed positions and keeps the others.
        Answer last = member.read("?limit=10" + cursor).hasStatus(200);
        assertThat(GroupMember.values(last)).isEmpty();
        member.leave();
    }

    @Test
    void aCursorIsEmptyOnceAllIsCommitted() {
        Topic topic = first.createTopic("commits", 3);
        first.bean(Appender.class)
                .append(topic, List.of(new NewRecord(1, NewRecord.NO_TIMESTAMP, null, new byte[] {'1'}, null, (byte)
                        0)))
                .join();
        GroupMember member = GroupMember.join(nodes, "commits", "commits", ",\"from\":\"earliest\"");
        String ahead = member.read("").hasStatus(200).json().path("cursor").asString();
        member.commit("commits", 1, 1).hasStatus(200);
        String behind = member.read("?cursor=" + ahead)
                .hasStatus(200)
                .json()
                .path("cursor")
                .asString();
        assertThat(behind).hasSizeLessThan(ahead.length()).hasSizeLessThan(20);
    }

    @Test
    void aCursorWhoseBaseIsGoneIsRefusedAsExpired() {
        int partitions = 300;
        Topic topic = first.createTopic("gone", partitions);
        GroupMember member = GroupMember.join(List.of(nodes.getFirst()), "gone", "gone", ",\"from\":\"earliest\"");
        first.bean(Appender.class)
                .append(
                        topic,
                        IntStream.range(0, partitions)
                                .mapToObj(i -> new NewRecord(
                                        i, NewRecord.NO_TIMESTAMP, null, new byte[] {'1'}, null, (byte) 0))
                                .toList())
                .join();
        String cursor = member.read("").hasStatus(200).json().path("cursor").asString();
        assertThat(member.read("?cursor=" + cursor).hasStatus(200).json().path("partitions"))
                .isEmpty();
        first.bean(JdbcClient.class).sql("delete from millrace.cursor_base").update();
        String path = "/v1/groups/gone/members/" + member.id() + "/records?cursor=" + cursor;
        nodes.getLast().get(path).isProblem(410, "cursor_expired", "?cursor");
    }
}
