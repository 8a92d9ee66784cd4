package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.verify.check.LogCheck;
import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.Logged;
import io.millrace.verify.load.Follower;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL is down for a while and comes back; the hub is not restarted. */
class StorageOutageIT {

    private static final Logger log = LoggerFactory.getLogger(StorageOutageIT.class);

    private static final String TOPIC = "outage";
    private static final Duration READ = Duration.ofSeconds(40);
    private static final int PARTITIONS = 3;
    private static final Duration OUTAGE = Duration.ofSeconds(10);
    private static final Duration FAST = Duration.ofSeconds(2);
    private static final Duration RECOVERY = Duration.ofSeconds(3);

    /** The first pause before a restart of the server is a fiftieth of the longest. */
    private static final EmbeddedPostgresProperties BACK_AFTER_OUTAGE =
            new EmbeddedPostgresProperties(Duration.ofMinutes(1), Duration.ofSeconds(5), OUTAGE.multipliedBy(50), 0);

    @TempDir
    private Path home;

    @Test
    void requestsFailFastAndEverythingResumes() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, TestPostgres.unpacked(), BACK_AFTER_OUTAGE);
                HubProcess hub = startHub(postgres)) {
            HubCalls client = new HubCalls(hub);
            client.createTopic(TOPIC, PARTITIONS);
            Producers producers = Producers.start(6, TOPIC, Duration.ofSeconds(20), hub);
            Follower follower = Follower.start(hub.url(), TOPIC, PARTITIONS, producers.history(), READ);
            try (follower;
                    producers) {
                producers.awaitStored(System.nanoTime(), 200);

                long gone = stop(postgres);
                readinessFailsAndLivenessDoesNot(client);
                readsFailFast(client);
                long back = awaitBack(postgres);
                assertThat(Duration.ofNanos(back - gone)).isGreaterThan(OUTAGE.dividedBy(2));
                producers.awaitStored(back, 100);
                hub.awaitReady();
                client.awaitReadable(TOPIC);
                Duration readable = Duration.ofNanos(System.nanoTime() - back);
                Duration recovery = producers.firstStoredAfter(back);
                log.info(
                        "stored again {} ms after PostgreSQL was back, readable after {} ms at most; {}; reads: {}",
                        recovery.toMillis(),
                        readable.toMillis(),
                        producers.summary(),
                        follower.refusals());

                producers.close();
                failuresWereReportedCorrectly(producers, gone, back);
                assertThat(recovery).isLessThan(RECOVERY);
                List<Logged> drained = client.drain(TOPIC, PARTITIONS, producers.history());
                assertThat(LogCheck.of(producers.history().requests(), drained).first())
                        .isEmpty();
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(follower.received()).isEqualTo(drained));
                assertThat(follower.refusals().keySet()).isSubsetOf("503 storage_unavailable");
            }
        }
    }

    private static HubProcess startHub(EmbeddedPostgres postgres) throws Exception {
        HubProcess hub = HubProcess.onDatabase(
                "outage", new TestDatabase(postgres.jdbcUrl(), postgres.username(), postgres.password()), 512);
        hub.awaitReady();
        return hub;
    }

    private static long stop(EmbeddedPostgres postgres) {
        assertThat(ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly())
                .isTrue();
        return System.nanoTime();
    }

    private static long awaitBack(EmbeddedPostgres postgres) {
        await().atMost(OUTAGE.multipliedBy(3))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    try (var _ = java.sql.DriverManager.getConnection(
                            postgres.jdbcUrl(), postgres.username(), postgres.password())) {
                        return true;
                    } catch (java.sql.SQLException away) {
                        return false;
                    }
                });
        return System.nanoTime();
    }

    private static void readinessFailsAndLivenessDoesNot(HubCalls client) {
        await().atMost(Duration.ofSeconds(3)).until(() -> client.status("/actuator/health/readiness") == 503);
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(2))
                .until(() -> client.status("/actuator/health/liveness") == 200
                        && client.status("/actuator/health/readiness") == 503);
    }

    private static void readsFailFast(HubCalls client) throws Exception {
        long began = System.nanoTime();
        var answer = client.read(TOPIC, 0, "offset=0");
        // Reads from memory may still succeed.
        assertThat(answer.status()).as(answer.text()).isIn(200, 503);
        assertThat(client.status("/v1/topics/" + TOPIC)).isEqualTo(503);
        assertThat(client.status("/v1/topics/never-heard-of")).isEqualTo(503);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(FAST.multipliedBy(3));
    }

    private static void failuresWereReportedCorrectly(Producers producers, long gone, long back) {
        List<Attempt> failed = producers.attempts().stream()
                .filter(attempt -> !attempt.succeeded())
                .toList();
        assertThat(failed).hasSizeGreaterThan(100).allSatisfy(attempt -> {
            assertThat(attempt.said()).isIn("503 storage_unavailable", "504 outcome_unknown");
            assertThat(attempt.retryAfter()).isEqualTo(attempt.said().startsWith("503"));
        });
        List<Duration> times = producers.attempts().stream()
                .filter(attempt -> attempt.ended() > gone && attempt.began() < back)
                .map(Attempt::took)
                .sorted()
                .toList();
        log.info("during the outage: p50 {}, p99 {}, slowest {}", at(times, 50), at(times, 99), times.getLast());
        assertThat(at(times, 99)).isLessThan(FAST);
    }

    private static Duration at(List<Duration> sorted, int percent) {
        return sorted.get((sorted.size() - 1) * percent / 100);
    }
}
