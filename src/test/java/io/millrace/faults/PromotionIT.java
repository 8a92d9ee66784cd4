package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.EventStream;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls.Following;
import io.millrace.client.RefusedException;
import io.millrace.client.message.Frame;
import io.millrace.cluster.ClusterAdmin;
import io.millrace.embeddedpostgres.Follower;
import io.millrace.event.Acks;
import io.millrace.security.Caller;
import io.millrace.testing.Hub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The primary is lost with records that its follower has not, and the follower is promoted. Nobody who had read the
 * lost records misses those that get the same offsets later.
 */
class PromotionIT {

    private static final Duration SECONDS = Duration.ofSeconds(30);
    private static final String TOPIC = "orders";
    private static final int KEPT = 5;
    private static final int LOST = 3;

    @TempDir
    private Path home;

    @Test
    void aPromotionThatLosesRecordsIsSeenByReaders() throws Exception {
        try (ReplicatedServers servers = ReplicatedServers.start(home, 1)) {
            Follower follower = servers.followers().getFirst();
            try (Hub hub = Hub.start(servers.database())) {
                HubClient client = hub.client();
                client.topics().create(TOPIC, 1, Map.of());
                for (int i = 0; i < KEPT; i++) {
                    awaitStored(client, Acks.ALL, "kept-" + i);
                }
                try (EventStream stream = client.records().follow(TOPIC, Following.from("earliest"))) {
                    long sender = servers.sender();
                    try (HubProcess.Frozen _ = HubProcess.freeze(sender)) {
                        for (int i = 0; i < LOST; i++) {
                            produce(client, Acks.LEADER, "lost-" + i);
                        }
                        assertThat(values(stream, KEPT + LOST)).endsWith("lost-2");
                        servers.losePrimary();
                        // Or it would send the rest when it goes on.
                        ReplicatedServers.kill(sender);
                    }
                    servers.execute(follower, "select pg_promote()");
                    // One more than were lost: a reader that was told nothing would begin with the last of them.
                    for (int i = 0; i <= LOST; i++) {
                        awaitStored(client, Acks.LEADER, "new-" + i);
                    }

                    assertThat(reset(stream)).isEqualTo(KEPT);
                    assertThat(values(stream, LOST + 1)).containsExactly("new-0", "new-1", "new-2", "new-3");
                }
                assertThat(servers.number(
                                follower, "select first_offset from millrace.partition_epoch where leader_epoch = 1"))
                        .isEqualTo(KEPT);
                assertThat(hub.bean(ClusterAdmin.class)
                                .describe(Caller.ANYONE)
                                .leaderEpoch()
                                .number())
                        .isEqualTo(1);
            }
        }
    }

    private static void produce(HubClient client, Acks acks, String value) throws Exception {
        byte[] body = ("{\"records\":[{\"value\":\"" + value + "\"}]}").getBytes(StandardCharsets.UTF_8);
        client.records().produce(TOPIC, body, acks);
    }

    private static void awaitStored(HubClient client, Acks acks, String value) {
        await().atMost(SECONDS).pollInterval(Duration.ofMillis(100)).until(() -> {
            try {
                produce(client, acks, value);
                return true;
            } catch (RefusedException | NoAnswerException notNow) {
                return false;
            }
        });
    }

    private static List<String> values(EventStream stream, int count) throws Exception {
        List<String> values = new ArrayList<>();
        while (values.size() < count) {
            if (next(stream) instanceof Frame.Records records) {
                records.page()
                        .records()
                        .forEach(record ->
                                values.add(new String(record.value(), StandardCharsets.UTF_8).replace("\"", "")));
            }
        }
        return values;
    }

    /** Where the stream goes on after a gap; fails if a record comes before that is told. */
    private static long reset(EventStream stream) throws Exception {
        while (true) {
            Frame frame = next(stream);
            assertThat(frame).isNotInstanceOf(Frame.Records.class);
            if (frame instanceof Frame.Reset reset) {
                return reset.partitions().getFirst().nextOffset();
            }
        }
    }

    private static Frame next(EventStream stream) throws Exception {
        Frame.Event event = stream.next(SECONDS);
        assertThat(event).as("the stream goes on").isNotNull();
        return event.frame();
    }
}
