package io.millrace.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/**
 * The two servers of {@code docker-compose.yml} without containers: its scripts and commands as processes of this
 * machine, with the PostgreSQL 15 of Debian. The image's entrypoint has a stand-in that does the same in its order.
 */
final class ComposeServers implements AutoCloseable {

    private static final String BIN = "/usr/lib/postgresql/15/bin";
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private static final String ENTRYPOINT = """
        #!/usr/bin/env bash
        set -Eeuo pipefail
        export PGPORT="$SERVER_PORT"
        if [ ! -s "$PGDATA/PG_VERSION" ]; then
          initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\\n' "$POSTGRES_PASSWORD") --no-sync
              # Those are for the loopback address, which no other container has.
              sed -i '/^host/d' "$PGDATA/pg_hba.conf"
          printf '\\nhost all all all scram-sha-256\\n' >> "$PGDATA/pg_hba.conf"
          shift
          pg_ctl -D "$PGDATA" -o "$(printf '%q ' "$@" -c listen_addresses=)" -w start
          createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
          for f in "$INIT"/*; do . "$f"; done
          pg_ctl -D "$PGDATA" -m fast -w stop
          set -- postgres "$@"
        fi
        exec "$@"
        """;

    private final ComposeFile file;
    private final Path home;
    private final Server primary;
    private Server standby;

    /** A server with the directory that its volume is. */
    record Server(String name, int port, Path directory, Process process) {}

    private ComposeServers(ComposeFile file, Path home) throws Exception {
        this.file = file;
        this.home = home;
        Path bin = Files.createDirectories(home.resolve("bin"));
        write(bin.resolve("docker-entrypoint.sh"), ENTRYPOINT);
        Path init = Files.createDirectories(home.resolve("init"));
        write(init.resolve("primary-init.sh"), file.config("primary", "/docker-entrypoint-initdb.d/primary-init.sh"));
        write(home.resolve("standby-entrypoint.sh"), file.config("standby", "/standby-entrypoint.sh"));
        if (ROOT) {
            new ProcessBuilder("chown", "-R", "postgres", home.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        }
        primary = start("primary", freePort(), List.of("docker-entrypoint.sh"), Map.of());
        try {
            awaitStart(primary);
            standby = startStandby(freePort());
        } catch (Throwable failure) {
            primary.process().destroyForcibly().waitFor();
            throw failure;
        }
    }

    static ComposeServers start(ComposeFile file) throws Exception {
        return new ComposeServers(file, Files.createTempDirectory("millrace-compose-"));
    }

    Server primary() {
        return primary;
    }

    Server standby() {
        return standby;
    }

    void stopStandby() throws Exception {
        stop(standby);
    }

    /** With the volume of the one that was stopped. */
    void startStandbyAgain() throws Exception {
        standby = startStandby(standby.port());
    }

    /** As {@code docker compose rm --stop --force primary} does. */
    void removePrimary() throws Exception {
        stop(primary);
    }

    private Server startStandby(int port) throws Exception {
        // The name primary and its port.
        Map<String, String> network = Map.of("PGHOSTADDR", "127.0.0.1", "PGPORT", Integer.toString(primary.port()));
        Server started = start(
                "standby",
                port,
                List.of("bash", home.resolve("standby-entrypoint.sh").toString()),
                network);
        try {
            awaitStart(started);
        } catch (Throwable failure) {
            started.process().destroyForcibly().waitFor();
            throw failure;
        }
        return started;
    }

    private Server start(String name, int port, List<String> entrypoint, Map<String, String> network)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.addAll(entrypoint);
        command.addAll(file.command(name));
        command.addAll(List.of("-c", "unix_socket_directories=" + home));
        Path data = home.resolve(name).resolve("18").resolve("docker");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "compose-" + name + ".log").toFile()));
        Map<String, String> environment = builder.environment();
        environment.putAll(file.environment(name));
        environment.putAll(network);
        environment.put("PATH", home.resolve("bin") + ":" + BIN + ":" + System.getenv("PATH"));
        environment.put("PGDATA", data.toString());
        environment.put("PGHOST", home.toString());
        environment.put("INIT", home.resolve("init").toString());
        environment.put("SERVER_PORT", Integer.toString(port));
        return new Server(name, port, data, builder.start());
    }

    Connection connect(Server server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/millrace",
                "millrace",
                file.environment(server.name()).get("POSTGRES_PASSWORD"));
    }

    private void awaitStart(Server server) {
        Awaitility.await()
                .atMost(1, TimeUnit.MINUTES)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    if (!server.process().isAlive()) {
                        throw new AssertionError(server.name() + " ended: target/compose-" + server.name() + ".log");
                    }
                    connect(server).close();
                    return true;
                });
    }

    /** By the signal that the image names for it: sessions are ended. */
    private static void stop(Server server) throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(server.process().pid()))
                .start()
                .waitFor();
        if (!server.process().waitFor(1, TimeUnit.MINUTES)) {
            throw new AssertionError(server.name() + " does not stop");
        }
    }

    @Override
    public void close() throws Exception {
        for (Server server : List.of(standby, primary)) {
            server.process().destroyForcibly().waitFor();
        }
        FileSystemUtils.deleteRecursively(home);
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
