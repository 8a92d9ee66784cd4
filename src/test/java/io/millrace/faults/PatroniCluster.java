package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.DebianPostgres;
import io.millrace.testing.Tied;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three nodes of Patroni and an etcd on loopback, as {@code docs/patroni.md} sets them up, with the packages of Debian.
 * All processes end with this JVM, even if that is killed. Their logs are in {@code target/faults}.
 */
final class PatroniCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int NODES = 3;

    /** The page's own {@code ttl} would make the test wait for another ten seconds. */
    private static final Map<String, String> SHORTER = Map.of("ttl: 20", "ttl: 10");

    private final PatroniPage page;
    private final Path home;
    private final Set<Integer> ports = new HashSet<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final List<PatroniNode> nodes = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Process etcd;

    private PatroniCluster(PatroniPage page, Path home) throws Exception {
        this.page = page;
        this.home = home;
        int etcdPort = freePort();
        addresses.put("etcd-1:2379,etcd-2:2379,etcd-3:2379", "127.0.0.1:" + etcdPort);
        etcd = startEtcd(etcdPort);
        for (int i = 1; i <= NODES; i++) {
            PatroniNode node = new PatroniNode("pg-" + i, freePort(), freePort(), home.resolve("pg-" + i));
            addresses.put(node.name() + ":5432", "127.0.0.1:" + node.port());
            addresses.put(node.name() + ":8008", "127.0.0.1:" + node.restPort());
            nodes.add(node);
        }
    }

    /** For {@code @EnabledIf}: whether the packages are installed. */
    static boolean installed() {
        return DebianPostgres.installed()
                && Files.isExecutable(Path.of("/usr/bin/patroni"))
                && Files.isExecutable(Path.of("/usr/bin/etcd"));
    }

    /** A cluster with the hubs' role and database. */
    static PatroniCluster start(PatroniPage page) throws Exception {
        Path home = Files.createTempDirectory("millrace-patroni-");
        PatroniCluster cluster = new PatroniCluster(page, home);
        try {
            for (PatroniNode node : cluster.nodes) {
                cluster.configure(node);
            }
            PatroniNode.own(home);
            for (PatroniNode node : cluster.nodes) {
                node.start();
            }
            cluster.awaitSynchronous();
            for (String statement : page.statements()) {
                cluster.execute("postgres", statement);
            }
            return cluster;
        } catch (Throwable failure) {
            cluster.close();
            throw failure;
        }
    }

    private Process startEtcd(int port) throws IOException {
        int peers = freePort();
        return new ProcessBuilder(Tied.command(List.of(
                        "/usr/bin/etcd",
                        "--data-dir=" + home.resolve("etcd"),
                        "--listen-client-urls=http://127.0.0.1:" + port,
                        "--advertise-client-urls=http://127.0.0.1:" + port,
                        "--listen-peer-urls=http://127.0.0.1:" + peers,
                        "--initial-advertise-peer-urls=http://127.0.0.1:" + peers,
                        "--initial-cluster=default=http://127.0.0.1:" + peers)))
                .redirectErrorStream(true)
                .redirectOutput(Files.createDirectories(Path.of("target", "faults"))
                        .resolve("patroni-etcd.log")
                        .toFile())
                .start();
    }

    /** The page's file is the first node's. */
    private void configure(PatroniNode node) throws IOException {
        Path its = Files.createDirectories(home.resolve(node.name()));
        Map<String, String> places = Map.of(
                "0.0.0.0:5432",
                "127.0.0.1:" + node.port(),
                "0.0.0.0:8008",
                "127.0.0.1:" + node.restPort(),
                "/var/lib/postgresql/15/millrace",
                PatroniNode.data(its).toString(),
                "/var/run/postgresql",
                its.toString());
        String file = page.configuration().replace("pg-1", node.name());
        file = PatroniPage.replace(PatroniPage.replace(PatroniPage.replace(file, addresses), places), SHORTER);
        assertThat(file).as("every address and place is replaced").doesNotContain(":5432", ":8008", ":2379", "/var/");
        Files.writeString(node.configuration(), file);
    }

    /** The hubs' {@code millrace.database.url}. */
    String databaseUrl() {
        return PatroniPage.replace(page.databaseUrl(), addresses);
    }

    /** Starts the nodes that were killed. */
    void startAgain() throws IOException {
        for (PatroniNode node : nodes) {
            if (!node.isAlive()) {
                node.start();
            }
        }
    }

    /** Waits until Patroni would promote a standby that has all that was confirmed. */
    void awaitSynchronous() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> member("leader").isPresent()
                        && member("sync_standby").isPresent()
                        && synchronousStandbys() > 0);
    }

    /** The node that leads, by Patroni's own word. */
    PatroniNode leader() {
        return member("leader").orElseThrow();
    }

    /** Kills the standbys, that in sync at last: Patroni is never about to choose another one. Returns that. */
    PatroniNode loseStandbys() throws Exception {
        PatroniNode leader = leader();
        PatroniNode inSync = member("sync_standby").orElseThrow();
        for (PatroniNode node : nodes) {
            if (node != leader && node != inSync) {
                node.kill();
            }
        }
        inSync.kill();
        return inSync;
    }

    /** Begins to copy the leader as for another standby, at a pace that does not let it end soon. */
    Process beginCopy() throws IOException {
        ProcessBuilder copy = new ProcessBuilder(Tied.command(PatroniNode.unprivileged(List.of(
                        DebianPostgres.program("pg_basebackup"),
                        "--host=127.0.0.1",
                        "--port=" + leader().port(),
                        "--username=replicator",
                        "--pgdata=" + leader().configuration().resolveSibling("copy"),
                        "--wal-method=stream",
                        "--checkpoint=fast",
                        "--max-rate=32k"))))
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "faults", "patroni-copy.log").toFile());
        copy.environment().put("PGPASSWORD", page.password("replicator"));
        return copy.start();
    }

    /**
     * The leader's machine is cut off from the standbys, and lost a second later: with records that no standby has, as
     * under a load that is higher than a test's.
     */
    void loseLeader() throws Exception {
        PatroniNode leader = leader();
        List<Long> senders = Stream.of(one("postgres", "select string_agg(pid::text, ' ') from pg_stat_replication")
                        .split(" "))
                .map(Long::valueOf)
                .toList();
        List<HubProcess.Frozen> frozen = new ArrayList<>();
        for (long sender : senders) {
            frozen.add(HubProcess.freeze(sender));
        }
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        leader.kill();
        for (long sender : senders) {
            // Or it would send the rest when it goes on.
            ReplicatedServers.kill(sender);
        }
        for (HubProcess.Frozen each : frozen) {
            each.close();
        }
    }

    private Optional<PatroniNode> member(String role) {
        for (JsonNode member : members()) {
            if (member.path("role").asString().equals(role)) {
                return nodes.stream()
                        .filter(node -> node.name().equals(member.path("name").asString()) && node.isAlive())
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    /** By the first node that answers. */
    private JsonNode members() {
        for (PatroniNode node : nodes) {
            if (node.isAlive()) {
                try {
                    HttpRequest request = HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + node.restPort() + "/cluster"))
                            .timeout(Duration.ofSeconds(2))
                            .build();
                    return JsonMapper.shared()
                            .readTree(
                                    http.send(request, BodyHandlers.ofString()).body())
                            .path("members");
                } catch (IOException notYet) {
                    // Another node may know.
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            }
        }
        return JsonMapper.shared().createArrayNode();
    }

    private long synchronousStandbys() {
        try {
            return Long.parseLong(
                    one("postgres", "select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')"));
        } catch (SQLException notYet) {
            return 0;
        }
    }

    /**
     * Runs the page's command that has this text in it, on the first node.
     *
     * @param changes what to write instead of what
     */
    void run(String containing, Map<String, String> changes) throws IOException, InterruptedException {
        String command = PatroniPage.replace(page.command(containing), changes)
                .replace(
                        PatroniPage.CONFIGURATION,
                        nodes.getFirst().configuration().toString());
        Process shell = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        shell.getOutputStream().close();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as("%s%n%s", command, output).isZero();
    }

    /** A connection of the superuser to the server that takes writes, whichever it is. */
    Connection connect(String database) throws SQLException {
        StringBuilder hosts = new StringBuilder();
        nodes.forEach(node ->
                hosts.append(hosts.isEmpty() ? "" : ",").append("127.0.0.1:").append(node.port()));
        return DriverManager.getConnection(
                "jdbc:postgresql://" + hosts + "/" + database
                        + "?targetServerType=primary&hostRecheckSeconds=0&connectTimeout=1&socketTimeout=20",
                "postgres",
                page.password("postgres"));
    }

    /** The first column of the first row. */
    String one(String database, String query) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws Exception {
        http.close();
        for (PatroniNode node : nodes) {
            node.close();
        }
        etcd.destroyForcibly().waitFor();
        FileSystemUtils.deleteRecursively(home);
    }

    /**
     * Below the range from which the system takes ports for outgoing connections: a node's port must be free while it
     * is down.
     */
    private int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (ports.add(port)) {
                    return port;
                }
            } catch (BindException taken) {
                // Another one, then.
            }
        }
    }
}
