package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.embeddedpostgres.Follower;
import io.millrace.testing.TestDatabase;
import io.millrace.verify.VerifyShell;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A primary with two followers is lost for ever under load with acks=all. As a failover manager would, the test
 * promotes the follower that has more, and lets the other follow it.
 */
class FailoverDrillIT {

    private static final Duration SECONDS = Duration.ofSeconds(30);

    @TempDir
    private Path home;

    private ReplicatedServers servers;

    @Test
    void nothingThatAFollowerHadConfirmedIsLost() throws Exception {
        servers = ReplicatedServers.start(home, 2);
        try (ReplicatedServers _ = servers) {
            TestDatabase database = servers.database();
            try (HubProcess first = HubProcess.onDatabase("failover-1", database, 256);
                    HubProcess second = HubProcess.onDatabase("failover-2", database, 256)) {
                first.awaitReady();
                second.awaitReady();
                CompletableFuture<VerifyShell.Result> run = new CompletableFuture<>();
                Thread.ofPlatform()
                        .start(() -> run.complete(VerifyShell.run(
                                ("--url %s --url %s --acks all --min-insync-replicas 2 --consumers 3 --duration 30s"
                                                + " --rate 500 --timeout 4s --output json")
                                        .formatted(first.url(), second.url()))));

                await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
                failOver();

                VerifyShell.Result result = run.join();
                assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
                JsonNode results = JsonMapper.shared().readTree(result.out()).path("results");
                assertThat(results.path("requests_stored").intValue()).isGreaterThan(100);
                assertThat(results.path("requests_not_stored").intValue()
                                + results.path("requests_unknown").intValue())
                        .isPositive();
            }
        }
    }

    private void failOver() throws Exception {
        servers.losePrimary();
        List<Follower> byProgress = servers.followers().stream()
                .sorted(Comparator.comparingLong(this::received))
                .toList();
        Follower leader = byProgress.getLast();
        Follower other = byProgress.getFirst();
        servers.execute(leader, "select pg_promote()");
        servers.execute(leader, "alter system set synchronous_standby_names = 'ANY 1 (" + other.name() + ")'");
        servers.execute(leader, "alter system set synchronous_commit = 'local'");
        servers.execute(leader, "select pg_reload_conf()");
        servers.execute(
                other,
                "alter system set primary_conninfo = 'host=127.0.0.1 port=" + leader.port() + " user="
                        + servers.primary().username() + " password="
                        + servers.primary().password() + " application_name="
                        + other.name() + " sslmode=disable'");
        servers.execute(other, "alter system set primary_slot_name = ''");
        servers.execute(other, "select pg_reload_conf()");
        await().atMost(SECONDS)
                .until(() ->
                        servers.number(leader, "select count(*) from pg_stat_replication where sync_state = 'quorum'")
                                == 1);
    }

    /** The walreceiver has ended with the primary: what it has received is on the disk. */
    private long received(Follower follower) {
        try {
            return servers.number(follower, "select pg_last_wal_receive_lsn() - '0/0'");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }
}
