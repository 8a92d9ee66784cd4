package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.verify.check.LogCheck;
import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.Logged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kills a hub, its embedded PostgreSQL, and one backend of that, each under load. */
class CrashIT {

    private static final Logger log = LoggerFactory.getLogger(CrashIT.class);

    private static final int PARTITIONS = 4;
    private static final int PRODUCERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** No request may take longer while the hub itself is alive. */
    private static final Duration FAST = Duration.ofSeconds(5);

    @TempDir
    private static Path home;

    private static HubProcess hub;

    @BeforeAll
    static void start() throws IOException {
        hub = HubProcess.onHome("crash", home);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        hub.terminate();
        hub.close();
    }

    @Test
    void aKilledHubKeepsAcknowledgedRecords() throws Exception {
        try (Producers producers = load("hub-killed")) {
            hub.kill();
            long killed = System.nanoTime();
            hub.restart();
            producers.awaitStored(killed, 50);
            report("hub", producers, killed);

            producers.close();
            check("hub-killed", producers);
            assertThat(producers.unexplained()).isEmpty();
            assertThat(producers.attempts()).extracting(Attempt::took).allSatisfy(took -> assertThat(took)
                    .isLessThan(PATIENCE));
        }
    }

    @Test
    void theHubAnswersFastAndRecoversAfterPostgresIsKilled() throws Exception {
        try (Producers producers = load("postgres-killed")) {
            assertThat(ProcessHandle.of(postmaster()).orElseThrow().destroyForcibly())
                    .isTrue();
            long killed = System.nanoTime();
            producers.awaitStored(killed + TimeUnit.SECONDS.toNanos(1), 50);
            report("PostgreSQL", producers, killed);

            producers.close();
            check("postgres-killed", producers);
            theHubAnsweredFast(producers);
        }
    }

    @Test
    void theHubAnswersFastAndRecoversAfterABackendIsKilled() throws Exception {
        try (Producers producers = load("backend-killed")) {
            long before = postmaster();
            ProcessHandle backend = ProcessHandle.of(before)
                    .orElseThrow()
                    .children()
                    .filter(CrashIT::isLane)
                    .findFirst()
                    .orElseThrow();
            assertThat(backend.destroyForcibly()).isTrue();
            long killed = System.nanoTime();
            producers.awaitStored(killed + TimeUnit.SECONDS.toNanos(1), 50);
            report("backend", producers, killed);

            producers.close();
            check("backend-killed", producers);
            theHubAnsweredFast(producers);
            assertThat(postmaster()).isEqualTo(before);
        }
    }

    private static Producers load(String topic) throws Exception {
        new HubCalls(hub).createTopic(topic, PARTITIONS);
        long began = System.nanoTime();
        Producers producers = Producers.start(PRODUCERS, topic, PATIENCE, hub);
        producers.awaitStored(began, 200);
        return producers;
    }

    private static void check(String topic, Producers producers) throws Exception {
        hub.awaitReady();
        HubCalls client = new HubCalls(hub);
        client.awaitReadable(topic);
        List<Logged> drained = client.drain(topic, PARTITIONS, producers.history());
        assertThat(drained).hasSizeGreaterThan(1_000);
        assertThat(LogCheck.of(producers.history().requests(), drained).first()).isEmpty();
    }

    private static void theHubAnsweredFast(Producers producers) {
        assertThat(producers.attempts()).allSatisfy(attempt -> {
            assertThat(attempt.said()).isIn(Attempt.OK, "503 storage_unavailable", "504 outcome_unknown");
            assertThat(attempt.took()).isLessThan(FAST);
        });
        assertThat(producers.attempts()).anyMatch(attempt -> !attempt.succeeded());
    }

    private static void report(String what, Producers producers, long killed) {
        log.info(
                "{} killed: stored again after {} ms; {}",
                what,
                producers.recoveredAfter(killed).toMillis(),
                producers.summary());
    }

    private static long postmaster() throws IOException {
        return Long.parseLong(
                Files.readAllLines(home.resolve("pgdata/postmaster.pid")).getFirst());
    }

    /**
     * Whether this is the backend of one of the hub's connections, by its title, such as {@code postgres: millrace
     * millrace 127.0.0.1(port) SELECT}.
     */
    private static boolean isLane(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), "cmdline"))
                    .contains("millrace millrace");
        } catch (IOException ended) {
            return false;
        }
    }
}
