package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.event.Acks;
import io.millrace.verify.VerifyShell;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two hubs on a PostgreSQL that Patroni manages, as {@code docs/patroni.md} says: leaders are killed and switched, and
 * standbys taken away. How long each outage took is in {@code target/faults/patroni.txt}.
 */
@EnabledIf("io.millrace.faults.PatroniCluster#installed")
class PatroniIT {

    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(60);

    /** After PostgreSQL is back. A second; the machine may be busy with other tests. */
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Path FIGURES = Path.of("target", "faults", "patroni.txt");
    private static final String PULSES = "pulses";
    private static final byte[] RECORD = "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8);

    private static PatroniCluster cluster;
    private static HubProcess first;
    private static HubProcess second;
    private static List<HubClient> clients;

    /** Something that is done to the cluster. */
    private interface Fault {
        void happen() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = PatroniCluster.start(PatroniPage.read());
        first = HubProcess.onUrl("patroni-1", cluster.databaseUrl(), 256);
        second = HubProcess.onUrl("patroni-2", cluster.databaseUrl(), 256);
        first.awaitReady();
        second.awaitReady();
        clients = List.of(client(first), client(second));
        clients.getFirst().topics().describeOrCreate(PULSES, 1);
        Files.deleteIfExists(FIGURES);
    }

    @AfterAll
    static void stop() throws Exception {
        clients.forEach(HubClient::close);
        try (PatroniCluster _ = cluster;
                HubProcess _ = first;
                HubProcess _ = second) {
            // All of them end.
        }
    }

    @Test
    void whateverLeaderIsLostNothingThatWasConfirmedByAcksAllIs() throws Exception {
        cluster.startAgain();
        cluster.awaitSynchronous();
        strict(false);
        long epochs = Long.parseLong(hubs("select count(*) from millrace.leader"));
        CompletableFuture<VerifyShell.Result> run = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> run.complete(VerifyShell.run(
                        ("--url %s --url %s --acks all --min-insync-replicas 2 --consumers 3 --duration 65s"
                                        + " --rate 500 --timeout 4s --output json")
                                .formatted(first.url(), second.url()))));
        await().atMost(PATIENCE).until(() -> hubs("select count(*) from millrace.record"), count -> !count.equals("0"));

        outage("the postmaster is killed", cluster.leader()::killPostmaster);
        outage("a switchover", () -> cluster.run("switchover", Map.of()));
        strict(true);
        outage("the machine is lost", cluster::loseLeader);

        assertThat(run).as("all that happened during the run").isNotDone();
        VerifyShell.Result result = run.join();
        note("verify: "
                + result.out()
                        .lines()
                        .filter(line -> line.contains("requests_") || line.contains("_ms"))
                        .toList());
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode results = JsonMapper.shared().readTree(result.out()).path("results");
        assertThat(results.path("requests_stored").intValue()).isGreaterThan(200);
        assertThat(Long.parseLong(hubs("select count(*) from millrace.leader"))).isEqualTo(epochs + 3);
    }

    @Test
    void withoutAnyStandbyAStrictClusterRefusesAcksAllAlone() throws Exception {
        cluster.startAgain();
        cluster.awaitSynchronous();
        strict(true);
        HubClient hub = clients.getFirst();
        awaitConfirmed(hub);
        PatroniNode standby = cluster.loseStandbys();
        await().atMost(PATIENCE).until(() -> hubs("show synchronous_standby_names"), "*"::equals);

        // A copy that is being made is in sync for PostgreSQL then: any receiver of WAL is.
        Process copy = cluster.beginCopy();
        await().atMost(PATIENCE)
                .until(() -> hubs("select count(*) from pg_stat_replication where sync_state = 'sync'"), "1"::equals);
        // Not in the common pool: the HTTP client completes its answers there.
        CompletableFuture<Void> stuck =
                CompletableFuture.runAsync(PatroniIT::commitSynchronously, Thread::startVirtualThread);
        await().atMost(PATIENCE).until(PatroniIT::waitingForStandbys, "1"::equals);
        // Within a second; what is sent before the loss is seen waits for a standby.
        await().atMost(Duration.ofSeconds(3))
                .until(
                        () -> CompletableFuture.supplyAsync(() -> said(hub), Thread::startVirtualThread)
                                .completeOnTimeout("no answer yet", 500, TimeUnit.MILLISECONDS)
                                .join(),
                        "not_enough_replicas"::equals);
        for (int i = 0; i < 10; i++) {
            acksAllAloneIsRefused(hub, "created-" + i);
        }
        assertThat(stuck).isNotDone();

        copy.destroyForcibly().waitFor();
        standby.start();
        awaitConfirmed(hub);
        assertThat(stuck).succeedsWithin(PATIENCE);
    }

    private static void acksAllAloneIsRefused(HubClient hub, String newTopic) throws Exception {
        long asked = System.nanoTime();
        assertThatThrownBy(() -> hub.records().produce(PULSES, RECORD, Acks.ALL))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.status()).isEqualTo(503);
                    assertThat(refused.code()).isEqualTo("not_enough_replicas");
                });
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
        assertThat(hub.records().produce(PULSES, RECORD, Acks.LEADER).results()).hasSize(1);
        hub.topics().create(newTopic, 3, Map.of());
        assertThat(waitingForStandbys()).as("none of the hubs' connections").isEqualTo("1");
    }

    /** The number of commits that PostgreSQL holds up. */
    private static String waitingForStandbys() throws SQLException {
        return hubs("select count(*) from pg_stat_activity where wait_event = 'SyncRep'");
    }

    /** Does something to the cluster, and waits until all works again; the hubs take little longer than PostgreSQL. */
    private static void outage(String name, Fault fault) throws Exception {
        Map<String, Pulse> pulses = new LinkedHashMap<>();
        try (Primary writes = new Primary("select txid_current()");
                Primary standbys = new Primary(
                        "select 1 / count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')")) {
            pulses.put("writes", new Pulse(writes));
            pulses.put("standbys", new Pulse(standbys));
            for (HubClient client : clients) {
                String hub = " on " + client.hub();
                pulses.put("acks=1" + hub, new Pulse(() -> client.records().produce(PULSES, RECORD, Acks.LEADER)));
                pulses.put("acks=all" + hub, new Pulse(() -> client.records().produce(PULSES, RECORD, Acks.ALL)));
            }
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            long began = System.nanoTime();
            fault.happen();
            for (Pulse pulse : pulses.values()) {
                pulse.awaitRecovery(began, LONGEST_OUTAGE);
            }
            cluster.awaitSynchronous();
            List<String> figures = new ArrayList<>();
            pulses.forEach((what, pulse) -> figures.add(
                    what + " after " + pulse.recoveredAfter(began).toMillis() + " ms " + pulse.said(began)));
            note(name + "\n  " + String.join("\n  ", figures));
            Duration written = pulses.get("writes").recoveredAfter(began);
            Duration inSync = pulses.get("standbys").recoveredAfter(began);
            for (HubClient client : clients) {
                String hub = " on " + client.hub();
                assertThat(pulses.get("acks=1" + hub).recoveredAfter(began))
                        .as("%s: %s", name, figures)
                        .isLessThan(written.plus(LONGEST_RECOVERY));
                assertThat(pulses.get("acks=all" + hub).recoveredAfter(began))
                        .as("%s: %s", name, figures)
                        .isLessThan(inSync.plus(LONGEST_RECOVERY));
            }
        } finally {
            for (Pulse pulse : pulses.values()) {
                pulse.close();
            }
        }
    }

    /** A statement on the server that takes writes, by a connection that is kept while it works. */
    private static final class Primary implements Pulse.Beat, AutoCloseable {

        private final String sql;
        private Connection connection;

        Primary(String sql) {
            this.sql = sql;
        }

        @Override
        public void run() throws SQLException {
            if (connection == null) {
                connection = cluster.connect("postgres");
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException failure) {
                close();
                throw failure;
            }
        }

        @Override
        public void close() throws SQLException {
            if (connection != null) {
                connection.close();
                connection = null;
            }
        }
    }

    private static void strict(boolean on) throws Exception {
        cluster.run("synchronous_mode_strict=true", Map.of("=true", "=" + on));
    }

    private static void awaitConfirmed(HubClient hub) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> said(hub)
                .isEmpty());
    }

    /** How a request with acks=all ended: empty if its record is confirmed. */
    private static String said(HubClient hub) {
        try {
            hub.records().produce(PULSES, RECORD, Acks.ALL);
            return "";
        } catch (RefusedException refused) {
            return refused.code();
        } catch (NoAnswerException | InterruptedException noAnswer) {
            return noAnswer.toString();
        }
    }

    /** As programs do that leave {@code synchronous_commit} as it is. */
    private static void commitSynchronously() {
        try (Connection connection = cluster.connect("postgres");
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 0);
            statement.execute("create table waited (n int)");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The first column of the first row, from the hubs' database. */
    private static String hubs(String query) throws SQLException {
        return cluster.one("millrace", query);
    }

    private static HubClient client(HubProcess hub) {
        return new HubCalls(hub).client().answering(Duration.ofSeconds(4));
    }

    private static void note(String text) throws Exception {
        Files.writeString(
                FIGURES, text + "\n", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
    }
}
