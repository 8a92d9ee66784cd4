package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls.Range;
import io.millrace.client.RefusedException;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.embeddedpostgres.Follower;
import io.millrace.event.Acks;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.Groups;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.group.Membership;
import io.millrace.group.OffsetCommit;
import io.millrace.testing.Hub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub on a primary with a follower, which is stopped, killed and missing: acks=all and its readers. */
class StandbyIT {

    private static final Duration SECONDS = Duration.ofSeconds(20);

    private static final int LARGE = 100_000;

    private static final byte[] RECORD = "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private static Path home;

    private static ReplicatedServers servers;
    private static Follower follower;
    private static Hub hub;
    private static HubClient client;

    @BeforeAll
    static void start() {
        servers = ReplicatedServers.start(
                home,
                // Restarted after two seconds.
                new EmbeddedPostgresProperties(
                        Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofSeconds(100), 1));
        follower = servers.followers().getFirst();
        hub = Hub.start(servers.database(), "millrace.replication.timeout=2s");
        client = hub.client();
    }

    @AfterAll
    static void stop() {
        hub.close();
        servers.close();
    }

    @Test
    void acksAllIsAnsweredWhenTheFollowerHasTheRecord() throws Exception {
        client.topics().create("flushed", 1, Map.of());
        awaitAll("flushed");
        byte[] large = ("{\"records\":[{\"value\":\"" + "x".repeat(LARGE) + "\"}]}").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20; i++) {
            long before = servers.number(servers.primary().jdbcUrl(), "select pg_current_wal_insert_lsn() - '0/0'");

            client.records().produce("flushed", large, Acks.ALL);

            assertThat(servers.number(follower, "select pg_last_wal_receive_lsn() - '0/0'"))
                    .isGreaterThan(before + LARGE);
        }
    }

    @Test
    void aStoppedFollowerHoldsUpAcksAllAloneAndItsReaders() throws Exception {
        client.topics().create("safe", 1, Map.of("min_insync_replicas", 2));
        client.topics().create("fast", 1, Map.of());
        awaitAll("safe");
        long end = client.topics().describe("safe").partitions().getFirst().nextOffset();
        try (HubProcess.Frozen _ = HubProcess.freeze(servers.sender())) {
            client.records().produce("safe", RECORD, Acks.LEADER);
            client.records().produce("fast", RECORD, Acks.LEADER);

            assertThatThrownBy(() -> client.records().produce("safe", RECORD, Acks.ALL))
                    .satisfies(failure -> assertThat(code(failure)).isEqualTo("outcome_unknown"));
            assertThat(client.records().read("fast", 0, Range.from(0)).records())
                    .hasSize(1);
            assertThat(client.records()
                            .read("safe", 0, Range.from(end).patience(Duration.ofSeconds(1)))
                            .records())
                    .isEmpty();
        }
        await().atMost(SECONDS)
                .until(() -> client.records()
                                .read("safe", 0, Range.from(end).patience(Duration.ofSeconds(5)))
                                .records()
                                .size()
                        == 2);
        awaitAll("safe");
    }

    @Test
    void aCommitOfAConnectedMemberWaitsForTheFollowerToo() throws Exception {
        client.topics().create("committed", 1, Map.of("min_insync_replicas", 2));
        awaitAll("committed");
        List<OffsetCommit> position = List.of(new OffsetCommit(new TopicPartition("committed", 0), 1, null));
        try (Membership member = hub.bean(Groups.class)
                .join(
                        new JoinRequest(
                                "committers",
                                MemberProtocol.WEBSOCKET,
                                List.of("committed"),
                                new StartPosition.Earliest(),
                                null,
                                null,
                                null),
                        () -> {})) {
            CompletableFuture<Void> commit;
            try (HubProcess.Frozen _ = HubProcess.freeze(servers.sender())) {
                commit = member.commit(position);
                await().during(Duration.ofMillis(500)).until(() -> !commit.isDone());
            }
            assertThat(commit).succeedsWithin(SECONDS);
        }
    }

    @Test
    void aTopicThatAsksForMoreCopiesLaterIsReadUpToTheHighWatermarkFromThenOn() throws Exception {
        client.topics().create("later", 1, Map.of());
        client.records().produce("later", RECORD, Acks.LEADER);
        assertThat(client.records().read("later", 0, Range.from(0)).records()).hasSize(1);
        awaitAll("other");
        try (HubProcess.Frozen _ = HubProcess.freeze(servers.sender())) {
            byte[] twoCopies = "{\"config\":{\"min_insync_replicas\":2}}".getBytes(StandardCharsets.UTF_8);
            assertThat(client.call("PATCH", "/v1/topics/later", twoCopies).status())
                    .isEqualTo(200);

            // Nobody waits for new records of the topic, but this node knows its end. Looking seldom, so that the look
            // at
            // partitions that are being read does not meet these reads.
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        long offset = client.records()
                                .produce("later", RECORD, Acks.LEADER)
                                .results()
                                .getFirst()
                                .offset();
                        return client.records()
                                        .read("later", 0, Range.from(0))
                                        .records()
                                        .size()
                                <= offset;
                    });
        }
        awaitAll("other");
    }

    @Test
    void withoutAFollowerAcksAllIsRefusedSoonAndWorksAgainAfterItsReturn() throws Exception {
        client.topics().create("refused", 1, Map.of());
        awaitAll("refused");
        for (int i = 0; i < 3; i++) {
            ProcessHandle.of(follower.pid()).orElseThrow().destroyForcibly();
            long killed = System.nanoTime();
            // Those that are sent before the loss is seen wait for the follower.
            List<CompletableFuture<String>> refusals = new CopyOnWriteArrayList<>();
            await().atMost(SECONDS).pollInterval(Duration.ofMillis(20)).until(() -> {
                refusals.add(CompletableFuture.supplyAsync(() -> refusal("refused")));
                return refusals.stream().anyMatch(answer -> answer.getNow("").equals("not_enough_replicas"));
            });
            // A second; the machine may be busy with other tests.
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(3));
            client.records().produce("refused", RECORD, Acks.LEADER);
            awaitAll("refused");
        }
    }

    @Test
    void moreServersThanThereAreAreRefused() throws Exception {
        client.topics().create("three", 1, Map.of("min_insync_replicas", 3));
        awaitAll("other");

        assertThatThrownBy(() -> client.records().produce("three", RECORD, Acks.ALL))
                .hasMessageContaining("2 of 3 servers are in sync")
                .satisfies(failure -> assertThat(code(failure)).isEqualTo("not_enough_replicas"));
        assertThat(client.records().produce("three", RECORD, Acks.LEADER).results())
                .hasSize(1);
    }

    /** Waits until acks=all works. */
    private static void awaitAll(String topic) throws Exception {
        client.topics().describeOrCreate(topic, 1);
        await().atMost(SECONDS).until(() -> refusal(topic).isEmpty());
    }

    private static String refusal(String topic) {
        try {
            client.records().produce(topic, RECORD, Acks.ALL);
            return "";
        } catch (RefusedException refusal) {
            return refusal.code();
        } catch (NoAnswerException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String code(Throwable failure) {
        return failure instanceof RefusedException refusal ? refusal.code() : failure.toString();
    }
}
