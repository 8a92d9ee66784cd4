package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.event.TopicPartition;
import io.millrace.group.Groups;
import io.millrace.group.OffsetCommit;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.security.Caller;
import io.millrace.stream.sse.SseClient;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DrainingIT {

    @Test
    void clientsAreToldBeforeTheNodeStops() throws IOException {
        Hub hub = Hub.start();
        hub.createTopic("drain", 1);
        try (WsClient ws = WsClient.connect(hub);
                SseClient sse = SseClient.connect(hub, "/v1/topics/drain/stream")) {
            ws.send("{'type':'subscribe','id':'s','topics':['drain'],'credits':1}")
                    .next("assigned");
            sse.nextControl("assigned");
            hub.close();
            ws.next("draining");
            assertThat(ws.next("error").get("problem").get("code").asString()).isEqualTo("draining");
            assertThat(ws.closeCode()).isEqualTo(1001);
            sse.nextControl("draining");
            assertThat(sse.next()).isNull();
        }
    }

    @Test
    void aMemberByEventStreamCanCommitWhileTheNodeDrains() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (Hub other = Hub.start(database);
                Hub hub = Hub.start(database)) {
            Topic topic = other.createTopic("handed-over", 1);
            StreamTopics.appendTo(other, topic, 0, 2);
            try (SseClient sse = join(hub)) {
                String member =
                        sse.nextControl("assigned").data().get("member_id").asString();
                sse.nextRecord();
                sse.nextRecord();
                Thread closing = Thread.ofVirtual().start(hub::close);
                sse.nextControl("draining");
                // It stays a member while there is something to commit.
                await().during(Duration.ofMillis(300)).until(() -> isMember(other, member));

                commit(other, member, 2);

                assertThat(sse.next()).isNull();
                closing.join();
                await().until(() -> !isMember(other, member));
            }
        }
    }

    @Test
    void aMemberByEventStreamThatDoesNotCommitDoesNotBlockTheShutdown() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (Hub other = Hub.start(database);
                Hub hub = Hub.start(database, "millrace.stream.drain-timeout=1s")) {
            Topic topic = other.createTopic("handed-over", 1);
            StreamTopics.appendTo(other, topic, 0, 1);
            try (SseClient sse = join(hub)) {
                String member =
                        sse.nextControl("assigned").data().get("member_id").asString();
                sse.nextRecord();
                Thread closing = Thread.ofVirtual().start(hub::close);
                sse.nextControl("draining");
                assertThat(sse.next()).isNull();
                closing.join();
                assertThat(isMember(other, member)).isFalse();
            }
        }
    }

    private static SseClient join(Hub hub) {
        return SseClient.connect(hub, "/v1/groups/readers/stream?topics=handed-over&from=earliest");
    }

    private static boolean isMember(Hub hub, String member) {
        return hub.bean(GroupAdmin.class).describe(Caller.ANYONE, "readers").members().stream()
                .anyMatch(one -> one.memberId().equals(member));
    }

    private static void commit(Hub hub, String member, long nextOffset) {
        hub.bean(Groups.class)
                .commit(
                        "readers",
                        member,
                        OptionalLong.empty(),
                        List.of(new OffsetCommit(new TopicPartition("handed-over", 0), nextOffset, null)));
    }
}
