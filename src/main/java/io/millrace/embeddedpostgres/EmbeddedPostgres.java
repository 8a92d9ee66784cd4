package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running PostgreSQL that belongs to this process: to be started before the first connection and closed after the
 * last one. It keeps its port for its whole life, even when it has to restart the server.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private final HomeLock lock;
    private final Installation installation;
    private final ServerWatch watch;
    private final List<Follower> followers = new ArrayList<>();

    private EmbeddedPostgres(HomeLock lock, Installation installation, ServerWatch watch) {
        this.lock = lock;
        this.installation = installation;
        this.watch = watch;
    }

    /**
     * Starts the bundled server on the data in a home directory; both are created if need be.
     *
     * @throws EmbeddedPostgresException if that is not possible, or another process uses the home
     */
    public static EmbeddedPostgres start(Path home, EmbeddedPostgresProperties properties) {
        return start(home, home.resolve("postgres"), properties);
    }

    /**
     * As {@link #start(Path, EmbeddedPostgresProperties)}, with the server unpacked into a directory that several homes
     * may share.
     */
    public static EmbeddedPostgres start(Path home, Path unpacked, EmbeddedPostgresProperties properties) {
        URL archive = PostgresBinaries.archive();
        return open(home, () -> PostgresBinaries.unpacked(archive, unpacked), ServerAccount::choose, properties);
    }

    /** The same with a server that is installed on this machine. */
    public static EmbeddedPostgres start(Path home, PostgresBinaries binaries, EmbeddedPostgresProperties properties) {
        return open(home, () -> binaries, ServerAccount::choose, properties);
    }

    static EmbeddedPostgres open(
            Path home,
            Supplier<PostgresBinaries> binaries,
            Supplier<ServerAccount> account,
            EmbeddedPostgresProperties properties) {
        long began = System.nanoTime();
        HomeLock lock = null;
        try {
            Files.createDirectories(home);
            Path realHome = home.toRealPath();
            lock = HomeLock.acquire(realHome);
            Installation installation = Installation.prepare(
                    realHome, binaries.get(), account.get(), Follower.primarySettings(properties.followers()));
            if (installation.data().isRestored()) {
                log.info("The data were restored from a backup: PostgreSQL begins a new timeline with them");
            }
            ServerWatch watch = ServerWatch.start("PostgreSQL", installation, properties);
            EmbeddedPostgres server = new EmbeddedPostgres(lock, installation, watch);
            try {
                server.startFollowers(realHome, properties);
            } catch (IOException | RuntimeException failure) {
                server.stopServers();
                throw failure;
            }
            log.info(
                    "PostgreSQL {} is ready on 127.0.0.1:{}, data in {}, after {} ms",
                    server.version(),
                    server.port(),
                    server.dataDirectory(),
                    Duration.ofNanos(System.nanoTime() - began).toMillis());
            return server;
        } catch (IOException failure) {
            release(lock);
            throw new EmbeddedPostgresException(
                    "PostgreSQL cannot be started in " + home + ": " + failure,
                    "Make sure that the hub may write there, or set MILLRACE_HOME to another directory",
                    failure);
        } catch (RuntimeException failure) {
            release(lock);
            throw failure;
        }
    }

    private void startFollowers(Path home, EmbeddedPostgresProperties properties) throws IOException {
        Follower.removeOthers(this, home, properties.followers());
        for (int number = 1; number <= properties.followers(); number++) {
            followers.add(Follower.start(this, installation, home, number, properties));
        }
    }

    /** Stops the server cleanly; connections that are still open are terminated. */
    @Override
    public void close() {
        stopServers();
        release(lock);
        log.info("PostgreSQL has stopped");
    }

    /** The primary first: it ends when its followers have received all that it wrote. */
    private void stopServers() {
        watch.close();
        followers.forEach(Follower::close);
    }

    /** The standbys that follow this server on this machine. */
    public List<Follower> followers() {
        return List.copyOf(followers);
    }

    /** The hub's own database. */
    public String jdbcUrl() {
        return jdbcUrl(Launcher.DATABASE);
    }

    /** A database of this name, which need not exist. */
    public String jdbcUrl(String database) {
        return jdbcUrl(port(), database);
    }

    static String jdbcUrl(int port, String database) {
        return jdbcUrl(List.of(port), database);
    }

    private static String jdbcUrl(List<Integer> ports, String database) {
        String hosts = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return "jdbc:postgresql://" + hosts + "/" + database + "?sslmode=disable";
    }

    /** The hub's own database on any of the followers; on the server itself if there is none. */
    public String followersJdbcUrl() {
        return jdbcUrl(
                followers.isEmpty()
                        ? List.of(port())
                        : followers.stream().map(Follower::port).toList(),
                Launcher.DATABASE);
    }

    public String username() {
        return DataDirectory.USER;
    }

    public String password() {
        return installation.data().password();
    }

    public int port() {
        return watch.port();
    }

    /** The postmaster's process id; it changes with each restart. */
    public long pid() {
        return watch.pid();
    }

    /** Such as 18.6. */
    public String version() {
        return installation.binaries().version();
    }

    public Path dataDirectory() {
        return installation.data().path();
    }

    private static void release(@Nullable HomeLock lock) {
        if (lock != null) {
            lock.release();
        }
    }
}
