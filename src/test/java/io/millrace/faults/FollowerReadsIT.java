package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.client.RecordCalls.Range;
import io.millrace.codec.ReadPage;
import io.millrace.embeddedpostgres.Follower;
import io.millrace.event.Acks;
import io.millrace.testing.Hub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hubs that read history from a standby, and what they do when it lags, follows another leader, or is gone. */
class FollowerReadsIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int RECORDS = 40;
    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir
    private static Path home;

    private static ReplicatedServers servers;
    private static Hub producing;

    /** It has not seen the records being stored, so they are history to it. */
    private Hub reading;

    private String topic;

    @BeforeAll
    static void start() {
        servers = ReplicatedServers.start(home, 1);
        producing = Hub.start(servers.database());
    }

    @AfterAll
    static void stop() {
        producing.close();
        servers.close();
    }

    @BeforeEach
    void topicAndReader() throws Exception {
        topic = "orders-" + TOPICS.incrementAndGet();
        producing.client().topics().create(topic, 1, Map.of());
        reading = Hub.start(servers.database(), "millrace.database.follower-reads=true");
    }

    @AfterEach
    void closeReader() throws Exception {
        servers.execute(follower(), "select pg_wal_replay_resume()");
        reading.close();
    }

    @Test
    void historyComesFromTheStandby() throws Exception {
        produce(0, Acks.ALL);
        awaitReplayed();

        assertThat(readAll(0)).isEqualTo(values(0, RECORDS));
        assertThat(reads("follower")).isPositive();
        assertThat(reads("database")).isZero();
        assertThat(servers.number(
                        follower(),
                        "select count(*) from pg_stat_activity where application_name = 'millrace follower-reads'"))
                .isPositive();
    }

    @Test
    void whatAStandbyDoesNotShowYetComesFromThePrimary() throws Exception {
        produce(0, Acks.ALL);
        awaitReplayed();
        servers.execute(follower(), "select pg_wal_replay_pause()");
        produce(RECORDS, Acks.LEADER);

        assertThat(readAll(0)).isEqualTo(values(0, 2 * RECORDS));
        assertThat(reads("follower")).isPositive();
        assertThat(reads("database")).isPositive();
    }

    @Test
    void aStandbyThatHasNotSeenTheLeadersEpochIsNotRead() throws Exception {
        produce(0, Acks.ALL);
        awaitReplayed();
        servers.execute(follower(), "select pg_wal_replay_pause()");
        servers.executeOnPrimary("""
            with epoch as (
                insert into millrace.leader (leader_epoch, system_identifier, timeline)
                select leader_epoch + 1, system_identifier, timeline
                  from millrace.leader order by leader_epoch desc limit 1
                returning leader_epoch)
            update millrace.partition_head set leader_epoch = (select leader_epoch from epoch)
            """);

        assertThat(readAll(0)).isEqualTo(values(0, RECORDS));
        assertThat(reads("follower")).isZero();

        servers.execute(follower(), "select pg_wal_replay_resume()");
        awaitReplayed();
        assertThat(readAll(0)).isEqualTo(values(0, RECORDS));
        assertThat(reads("follower")).isPositive();
    }

    /** A reader waits for a silent standby for 2 s at most, and later ones do not wait. */
    @Test
    void aFrozenStandbyDelaysOneReadAndIsUsedAgainLater() throws Exception {
        produce(0, Acks.ALL);
        awaitReplayed();
        assertThat(readAll(0)).hasSize(RECORDS);
        double before = reads("follower");
        long backend = servers.number(
                follower(), "select pid from pg_stat_activity where application_name = 'millrace follower-reads'");
        try (HubProcess.Frozen _ = HubProcess.freeze(backend)) {
            long began = System.nanoTime();
            assertThat(readAll(0)).isEqualTo(values(0, RECORDS));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
            assertThat(reads("follower")).isEqualTo(before);
        }

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(readAll(0)).hasSize(RECORDS);
            assertThat(reads("follower")).isGreaterThan(before);
        });
    }

    private static Follower follower() {
        return servers.followers().getFirst();
    }

    private void produce(int first, Acks acks) throws Exception {
        for (String value : values(first, first + RECORDS)) {
            byte[] body = ("{\"records\":[{\"value\":\"" + value + "\"}]}").getBytes(StandardCharsets.UTF_8);
            producing.client().records().produce(topic, body, acks);
        }
    }

    /** A record that is on the standby's disk need not be visible there yet. */
    private void awaitReplayed() throws Exception {
        long end = servers.number(servers.primary().jdbcUrl("millrace"), "select pg_current_wal_lsn() - '0/0'::pg_lsn");
        await().atMost(SOON)
                .until(() -> servers.number(follower(), "select pg_last_wal_replay_lsn() - '0/0'::pg_lsn") >= end);
    }

    private List<String> readAll(long from) throws Exception {
        List<String> values = new ArrayList<>();
        for (long offset = from; ; ) {
            ReadPage page =
                    reading.client().records().read(topic, 0, Range.from(offset).limit(1000));
            page.records()
                    .forEach(
                            record -> values.add(new String(record.value(), StandardCharsets.UTF_8).replace("\"", "")));
            if (page.records().isEmpty()) {
                return values;
            }
            offset = page.nextOffset();
        }
    }

    private static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "value-" + i).toList();
    }

    private double reads(String source) {
        return reading.bean(MeterRegistry.class)
                .get("millrace.fetch.reads")
                .tag("source", source)
                .counter()
                .count();
    }
}
