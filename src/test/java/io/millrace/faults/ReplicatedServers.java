package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.embeddedpostgres.Follower;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A primary with followers, to be lost and promoted. */
record ReplicatedServers(EmbeddedPostgres primary) implements AutoCloseable {

    static ReplicatedServers start(Path home, int followers) {
        return start(home, EmbeddedPostgresProperties.defaults().withFollowers(followers));
    }

    static ReplicatedServers start(Path home, EmbeddedPostgresProperties properties) {
        return new ReplicatedServers(EmbeddedPostgres.start(home, TestPostgres.unpacked(), properties));
    }

    List<Follower> followers() {
        return primary.followers();
    }

    /** The hub's database, on whichever server leads. */
    TestDatabase database() {
        StringBuilder hosts = new StringBuilder("127.0.0.1:" + primary.port());
        followers().forEach(follower -> hosts.append(",127.0.0.1:").append(follower.port()));
        return new TestDatabase(
                "jdbc:postgresql://" + hosts + "/millrace?sslmode=disable", primary.username(), primary.password());
    }

    /** Kills the primary and takes its data away, so that it is not restarted. */
    void losePrimary() throws Exception {
        Files.move(primary.dataDirectory(), primary.dataDirectory().resolveSibling("lost"));
        kill(primary.pid());
    }

    /** Makes a follower the leader, which the others follow from now on. Returns when they are in sync. */
    void promote(Follower leader, List<Follower> others) throws Exception {
        String names = others.stream().map(Follower::name).collect(Collectors.joining(", "));
        execute(leader, "select pg_promote()");
        execute(leader, "alter system set synchronous_standby_names = 'ANY 1 (" + names + ")'");
        execute(leader, "alter system set synchronous_commit = 'local'");
        execute(leader, "select pg_reload_conf()");
        for (Follower other : others) {
            execute(
                    other,
                    "alter system set primary_conninfo = 'host=127.0.0.1 port=" + leader.port() + " user="
                            + primary.username() + " password=" + primary.password() + " application_name="
                            + other.name() + " sslmode=disable'");
            execute(other, "alter system set primary_slot_name = ''");
            execute(other, "select pg_reload_conf()");
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> number(leader, "select count(*) from pg_stat_replication where sync_state = 'quorum'")
                        == others.size());
    }

    static void kill(long pid) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
    }

    /** The process of the primary that sends to the only follower. */
    long sender() throws SQLException {
        return number(primary.jdbcUrl(), "select pid from pg_stat_replication");
    }

    /** The number in the first column of the first row. */
    long number(Follower follower, String query) throws SQLException {
        return number(follower.jdbcUrl("millrace"), query);
    }

    long number(String url, String query) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    void execute(Follower follower, String sql) throws SQLException {
        execute(follower.jdbcUrl("millrace"), sql);
    }

    void executeOnPrimary(String sql) throws SQLException {
        execute(primary.jdbcUrl("millrace"), sql);
    }

    private void execute(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, primary.username(), primary.password());
    }

    @Override
    public void close() {
        primary.close();
    }
}
