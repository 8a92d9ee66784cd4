package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.embeddedpostgres.Follower;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.verify.VerifyShell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    private EmbeddedPostgres primary;

    @Test
    void nothingThatAFollowerHadConfirmedIsLost() throws Exception {
        primary = EmbeddedPostgres.start(
                home,
                TestPostgres.unpacked(),
                EmbeddedPostgresProperties.defaults().withFollowers(2));
        try (EmbeddedPostgres _ = primary) {
            TestDatabase servers = database();
            try (HubProcess first = HubProcess.onDatabase("failover-1", servers, 256);
                    HubProcess second = HubProcess.onDatabase("failover-2", servers, 256)) {
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

    private TestDatabase database() {
        StringBuilder hosts = new StringBuilder("127.0.0.1:" + primary.port());
        primary.followers().forEach(follower -> hosts.append(",127.0.0.1:").append(follower.port()));
        return new TestDatabase(
                "jdbc:postgresql://" + hosts + "/millrace?sslmode=disable", primary.username(), primary.password());
    }

    private void failOver() throws Exception {
        // Without its data it is not restarted.
        Files.move(primary.dataDirectory(), primary.dataDirectory().resolveSibling("lost"));
        ProcessHandle postmaster = ProcessHandle.of(primary.pid()).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().get();
        List<Follower> byProgress = primary.followers().stream()
                .sorted(Comparator.comparingLong(this::received))
                .toList();
        Follower leader = byProgress.getLast();
        Follower other = byProgress.getFirst();
        execute(leader, "select pg_promote()");
        execute(leader, "alter system set synchronous_standby_names = 'ANY 1 (" + other.name() + ")'");
        execute(leader, "alter system set synchronous_commit = 'local'");
        execute(leader, "select pg_reload_conf()");
        execute(
                other,
                "alter system set primary_conninfo = 'host=127.0.0.1 port=" + leader.port() + " user="
                        + primary.username() + " password=" + primary.password() + " application_name="
                        + other.name() + " sslmode=disable'");
        execute(other, "alter system set primary_slot_name = ''");
        execute(other, "select pg_reload_conf()");
        await().atMost(SECONDS)
                .until(() ->
                        number(leader, "select count(*) from pg_stat_replication where sync_state = 'quorum'") == 1);
    }

    /** The walreceiver has ended with the primary: what it has received is on the disk. */
    private long received(Follower follower) {
        try {
            return number(follower, "select pg_last_wal_receive_lsn() - '0/0'");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private long number(Follower follower, String query) throws SQLException {
        try (Connection connection = connect(follower);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(Follower follower, String sql) throws SQLException {
        try (Connection connection = connect(follower);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect(Follower follower) throws SQLException {
        return DriverManager.getConnection(follower.jdbcUrl("millrace"), primary.username(), primary.password());
    }
}
