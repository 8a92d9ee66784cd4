package io.millrace.embeddedpostgres;

import java.io.IOException;
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
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standby of the embedded server on the same machine: a copy of its data directory that follows it through a
 * replication slot. It keeps its port, and is restarted when it ends by itself, as the primary is. A copy that can no
 * longer follow is replaced at the next start of the hub.
 *
 * <p>Both servers share a disk: followers show how {@code acks=all} works, and protect from nothing.
 */
public final class Follower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Follower.class);

    private static final String PREFIX = "follower_";

    private final String name;
    private final ServerWatch watch;

    private Follower(String name, ServerWatch watch) {
        this.name = name;
        this.watch = watch;
    }

    /** Starts a follower of a running server; makes a base copy first, unless there is one that can go on. */
    static Follower start(
            EmbeddedPostgres primary,
            Installation installation,
            Path home,
            int number,
            EmbeddedPostgresProperties bounds)
            throws IOException {
        long began = System.nanoTime();
        String name = PREFIX + number;
        Path its = Files.createDirectories(home.resolve(name));
        installation.account().own(its);
        Path data = its.resolve("pgdata");
        try (Connection connection = connect(primary)) {
            if (!canGoOn(connection, name, data)) {
                Directories.delete(data);
                dropSlot(connection, name);
                execute(connection, "select pg_create_physical_replication_slot('" + name + "', true)");
                BaseCopy.make(connection, installation.data().path(), its, installation.account());
            }
        } catch (SQLException failure) {
            throw new IOException("no base copy for " + name + ": " + failure.getMessage(), failure);
        }
        Installation copy = installation.follower(its, data, followerSettings(primary, name));
        ServerWatch watch = ServerWatch.start("Follower " + number, copy, bounds);
        log.info(
                "Follower {} is ready on 127.0.0.1:{}, data in {}, after {} ms",
                number,
                watch.port(),
                data,
                Duration.ofNanos(System.nanoTime() - began).toMillis());
        return new Follower(name, watch);
    }

    /** Deletes the copies, and the slots, of followers that are no longer wanted: a slot keeps WAL for ever. */
    static void removeOthers(EmbeddedPostgres primary, Path home, int wanted) throws IOException {
        List<Integer> others = IntStream.rangeClosed(wanted + 1, EmbeddedPostgresProperties.MAX_FOLLOWERS)
                .filter(number -> Files.exists(home.resolve(PREFIX + number)))
                .boxed()
                .toList();
        if (others.isEmpty()) {
            return;
        }
        try (Connection connection = connect(primary)) {
            for (int number : others) {
                dropSlot(connection, PREFIX + number);
                Directories.delete(home.resolve(PREFIX + number));
            }
        } catch (SQLException failure) {
            throw new IOException("a follower's slot cannot be dropped: " + failure.getMessage(), failure);
        }
    }

    /** What the primary is told of its followers. */
    static List<ServerSettings.Setting> primarySettings(int followers) {
        if (followers == 0) {
            return List.of();
        }
        String names = IntStream.rangeClosed(1, followers)
                .mapToObj(number -> PREFIX + number)
                .collect(Collectors.joining(", "));
        return List.of(
                new ServerSettings.Setting(
                        "synchronous_standby_names", "ANY 1 (" + names + ")", "acks=all counts on these"),
                new ServerSettings.Setting(
                        "synchronous_commit", "local", "the hub itself waits for followers, and not without end"),
                new ServerSettings.Setting(
                        "max_slot_wal_keep_size", "8GB", "a follower that is gone for long does not fill the disk"));
    }

    private static List<ServerSettings.Setting> followerSettings(EmbeddedPostgres primary, String name) {
        String conninfo = "host=127.0.0.1 port=" + primary.port() + " user=" + primary.username() + " password="
                + primary.password() + " application_name=" + name + " sslmode=disable";
        return List.of(
                new ServerSettings.Setting(
                        "primary_conninfo", conninfo, "the primary has another port after each start"),
                new ServerSettings.Setting(
                        "primary_slot_name", name, "the primary keeps the WAL that the follower lacks"));
    }

    private static boolean canGoOn(Connection connection, String name, Path data) throws SQLException, IOException {
        if (!Files.exists(data.resolve("standby.signal"))) {
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select system_identifier from pg_control_system()"
                        + " where exists (select from pg_replication_slots where slot_name = '" + name
                        + "' and wal_status <> 'lost')")) {
            return found.next() && found.getLong(1) == DataDirectory.systemIdentifier(data);
        }
    }

    private static void dropSlot(Connection connection, String name) throws SQLException {
        execute(
                connection,
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '" + name
                        + "'");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
    }

    /** As in {@code pg_stat_replication.application_name}: {@code follower_1}. */
    public String name() {
        return name;
    }

    public int port() {
        return watch.port();
    }

    /** The postmaster's process id; it changes with each restart. */
    public long pid() {
        return watch.pid();
    }

    /** The hub's database on this server, to read from. */
    public String jdbcUrl(String database) {
        return EmbeddedPostgres.jdbcUrl(port(), database);
    }

    @Override
    public void close() {
        watch.close();
    }
}
