package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * The server of a home, for commands: that of the hub that uses the home, or one that was started for this and is
 * stopped in the end.
 */
public record RunningServer(int port, String password, Runnable end) implements AutoCloseable {

    /**
     * @param home as it really is, see {@link Path#toRealPath}
     * @throws EmbeddedPostgresException if there are no data, or the hub's server does not accept connections
     */
    public static RunningServer of(Path home) throws IOException {
        HomeLock lock = HomeLock.tryAcquire(home);
        if (lock == null) {
            return ofHub(home);
        }
        try {
            return started(home, lock);
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    private static RunningServer ofHub(Path home) throws IOException {
        PostmasterFile file = PostmasterFile.read(home.resolve(DataDirectory.NAME))
                .filter(PostmasterFile::ready)
                .orElseThrow(() -> new EmbeddedPostgresException(
                        "A hub uses " + home + ", but its PostgreSQL accepts no connections",
                        "Wait until the hub is ready"));
        String password = DataDirectory.existingPassword(home.resolve(DataDirectory.PASSWORD));
        return new RunningServer(file.port(), password, () -> {});
    }

    /** Without followers: their copies, and the settings for them, are the next hub's matter. */
    private static RunningServer started(Path home, HomeLock lock) throws IOException {
        Restore.finish(home);
        if (!Files.exists(home.resolve(DataDirectory.NAME).resolve("PG_VERSION"))) {
            throw Backup.noData(home);
        }
        Installation installation = Installation.prepare(
                home, PostgresBinaries.bundled(home.resolve("postgres")), ServerAccount.choose(), List.of());
        EmbeddedPostgresProperties bounds = EmbeddedPostgresProperties.defaults();
        ServerWatch watch = ServerWatch.start("PostgreSQL", installation, bounds);
        return new RunningServer(watch.port(), installation.data().password(), () -> {
            watch.close();
            lock.release();
        });
    }

    /** A connection of the hub's user to the hub's database. */
    public Connection connectToHubs() throws SQLException {
        return connect(Launcher.DATABASE);
    }

    Connection connect() throws SQLException {
        return connect("postgres");
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                EmbeddedPostgres.jdbcUrl(port, database) + "&connectTimeout=10", DataDirectory.USER, password);
    }

    /** Keeps the password out of logs. */
    @Override
    public String toString() {
        return "RunningServer[port=" + port + "]";
    }

    @Override
    public void close() {
        end.run();
    }
}
